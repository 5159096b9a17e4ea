"""The dashboard in a real browser, on real daemons. Usage: dashboard_test.py CPAB [unittest options]

Ends with 77, which ctest takes for skipped, where there is no Chromium.
"""
import re
import sys
import time
import unittest
import urllib.parse

from browser import Browser, skip_without_chromium
from programs import Autoscaler, Demo, StandIn, get

ENTER = "\uE007"
HOSTILE = """<img src=x onerror="window.harmed = true"><script>window.harmed = true</script>"""
STATUS = {
    "version": "0.1.0", "startedAt": "2026-01-31T14:00:00.000Z",
    "target": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "default", "name": "web"},
    "mode": "active", "minReplicas": 1, "maxReplicas": 8, "interval": 1000, "downscaleStabilization": 0, "methods": [],
    "now": "2026-01-31T14:06:00.000Z", "nextCycle": None, "lastDecision": 0, "healthy": True, "ready": True,
    "override": None, "survivesRestart": False,
    "may": {"dryRuns": True, "runs": True, "moreWithToken": False},
}
POLLS = 2.5  # seconds in which the page asks at least once


class DashboardTest(unittest.TestCase):
    cpab = None

    @classmethod
    def setUpClass(cls):
        cls.demo = Demo(cls.cpab)
        cls.addClassCleanup(cls.demo.end)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.__exit__)

    def setUp(self):
        self.browser.open("about:blank")
        self.browser.complaints()
        self.browser.requested()
        self.sites = set()
        self.expected_complaints = r"$^"

    def tearDown(self):
        strange = [text for text in self.browser.complaints() if not re.search(self.expected_complaints, text)]
        self.assertEqual(strange, [], "in the console")
        foreign = [url for url in self.browser.requested() if not url.startswith((*self.sites, "about:", "data:"))]
        self.assertEqual(foreign, [], "no request goes anywhere else")

    def open(self, program, path="/"):
        """Opens its dashboard."""
        self.sites.add(program.url)
        self.browser.open(program.url + path)

    def open_demo(self):
        """Opens that of the demo which all share, once there are decisions."""
        self.open(self.demo)
        self.browser.wait_for_text("#decision-list", r"keeping|scaled")

    def triggers(self):
        return {record["trigger"] for record in get(self.demo.url + "/api/v1/decisions")}

    def override(self):
        return get(self.demo.url + "/api/v1/override")["override"]

    def test_draws_and_keeps_up_while_the_demo_scales(self):
        self.open_demo()
        browser = self.browser
        self.assertEqual(browser.location(), self.demo.url + "/ui/")

        browser.wait_for_text("#decision-list", r"(\d) → (\d)\s+(wanted \d+, )?scaled \1 -> \2: .* \(\d+ requests/s")
        first = browser.text("#decision-list time")
        browser.wait("return document.querySelector('#decision-list time').innerText !== arguments[0]", first)

        self.assertEqual(browser.text("#target"), "default/shop")
        self.assertRegex(browser.text("#badges"), "Deployment\\s+active\\s+healthy")
        self.assertRegex(browser.text("#next"), "next cycle in|cycle under way")
        self.assertRegex(browser.text("#figures"), r"Replicas\s+\d\s+Desired\s+\d")
        for chart in ("#replicas-chart", "#metric-chart"):
            self.assertGreater(browser.drawn_pixels(chart), 2000)
        self.assertRegex(browser.run("return document.getElementById('replicas-chart').ariaLabel"),
                         r"Replicas over time, now \d, between 1 and 8")
        self.assertRegex(browser.text("#stages"), r"metric\s*shell, up to 5.0 s\s+\d")
        self.assertFalse(browser.run("return document.body.classList.contains('stale')"))

    def test_a_decision_opens_by_keyboard_and_a_filter_chooses(self):
        self.open_demo()
        browser = self.browser

        browser.run("document.querySelector('summary').focus()")
        browser.press(ENTER)
        browser.wait_for_text("details[open] .explanation", r"Asked for\s+\d+ replicas?: \d+ requests/s")
        browser.click("#filter label:nth-of-type(3)")
        browser.wait_for_text("#no-decisions", "None")

    def test_a_dry_run_is_explained(self):
        self.open_demo()

        self.browser.click("#dry-run")
        self.browser.wait_for_text("#action-result", r"Asked for\s+\d+ replicas?: .*\s+There were")

        self.assertNotIn("api_dry_run", self.triggers())

    def test_evaluating_asks_first(self):
        self.open_demo()
        browser = self.browser

        def evaluate(answer):
            browser.click("#run")
            browser.wait_for_text("#confirm", "may scale default/shop")
            browser.click(f"#confirm [value={answer}]")
            browser.wait("return !document.getElementById('confirm').open")

        evaluate("cancel")
        self.assertEqual(browser.text("#action-result"), "")
        self.assertNotIn("api", self.triggers())
        evaluate("yes")
        browser.wait_for_text("#action-result", r"Written\s")
        self.assertIn("api", self.triggers())

    def test_a_pause_is_set_shown_and_ended(self):
        self.open_demo()
        browser = self.browser
        browser.wait_for_text("#override-now", "Nothing is overridden")

        browser.type("#override-by", "alice")
        browser.click("#override-form button")
        browser.wait_for_text("#override-now", r"paused until 20.* UTC by alice")
        browser.wait_for_text("#badges", "paused")
        override = self.override()
        self.assertEqual((override["direction"], override["by"]), ("none", "alice"))

        browser.click("#override-now button")
        browser.wait_for_text("#override-now", "Nothing is overridden")
        self.assertIsNone(self.override())

    def test_the_mode_is_switched_and_going_active_asks_first(self):
        demo = Demo(self.cpab)
        self.addCleanup(demo.end)
        self.open(demo)
        browser = self.browser
        browser.wait_for_text("#mode-now", "active What is decided is written")

        def mode():
            return get(demo.url + "/api/v1/mode")["mode"]

        def go_active(answer):
            browser.wait_for_text("#switch-mode", "Go active")
            browser.run("document.getElementById('switch-mode').focus()")
            browser.press(ENTER)
            browser.wait_for_text("#activate", r"scales default/shop.*\s+.*The last decision: ")
            browser.click(f"#activate [value={answer}]")
            browser.wait("return !document.getElementById('activate').open")

        browser.click("#switch-mode")
        browser.wait_for_text("#mode-now", "shadow Everything runs, nothing is written")
        browser.wait_for_text("#badges", "shadow mode: nothing is written")
        self.assertEqual(mode(), "shadow")
        self.assertEqual(browser.text("#mode-result"), "From now on nothing is written.")
        go_active("cancel")
        self.assertEqual(mode(), "shadow")
        go_active("yes")
        browser.wait_for_text("#mode-now", "active What is decided")
        self.assertEqual(mode(), "active")
        self.assertEqual(browser.run("return document.activeElement.id"), "switch-mode")

    def test_says_when_the_daemon_is_gone_and_recovers(self):
        demo = Demo(self.cpab)
        self.open(demo)
        browser = self.browser
        browser.wait_for_text("#decision-list", "keeping 1")
        self.expected_complaints = "ERR_CONNECTION|ERR_EMPTY_RESPONSE"

        demo.end()
        browser.wait_for_text("#trouble", r"cpab does not answer: .* of \d\d:\d\d:\d\d UTC\. Trying again")
        browser.wait_for_text("#next", "no answer")
        self.assertTrue(browser.run("return document.body.classList.contains('stale')"))

        again = Demo(self.cpab, urllib.parse.urlsplit(demo.url).port)
        self.addCleanup(again.end)
        browser.wait("return document.getElementById('trouble').hidden")
        browser.wait("return document.querySelectorAll('#decision-list li').length === 1")
        self.assertFalse(browser.run("return document.body.classList.contains('stale')"))

    def test_what_others_have_written_is_text(self):
        demo = Demo(self.cpab)
        demo.replace_script("metric.py", f"print({HOSTILE!r})")
        demo.replace_script("evaluate.py", f"import json; print(json.dumps({{'targetReplicas': 1, 'reason': {HOSTILE!r}}}))")
        self.addCleanup(demo.end)
        self.open(demo)
        browser = self.browser
        browser.wait_for_text("#sentence", "keeping 1: .*<img src=x")
        browser.wait_for_text("#metric-text", "shop: <img src=x onerror")

        demo.replace_script("evaluate.py", f"import sys; sys.exit({HOSTILE!r})")
        browser.wait_for_text("#sentence", "evaluate failed")
        browser.click("#decision-list summary")
        browser.wait_for_text("#decision-list pre", "<img src=x onerror")
        browser.wait_for_text("#stages", r"exit \d\d:")

        self.assertFalse(browser.run("return 'harmed' in window"))
        self.assertEqual(browser.run("return document.querySelectorAll('main img, main script').length"), 0)

    def test_what_nobody_sees_is_spelled_out(self):
        turned = "left\u202eright\u2028next\u0085\x1bend"
        spelled = "left\\u202eright\\u2028next\\u0085\\x1bend"
        record = {"id": 1, "time": "2026-01-31T14:05:31.250Z", "trigger": "scaler", "mode": "active",
                  "target": STATUS["target"], "currentReplicas": 3, "limitedBy": None, "desiredReplicas": 3,
                  "metrics": {"count": 1, "values": [{"resource": "web", "value": turned}]},
                  "evaluation": {"targetReplicas": 3, "reason": turned}, "steps": [], "action": "unchanged",
                  "durations": {"target": 1.5}, "failure": None, "message": f"keeping 3: {turned}"}
        stand_in = StandIn(self.demo.url, {
            "/api/v1/status": {**STATUS, "lastDecision": 1, "target": {**STATUS["target"], "name": turned}},
            "/api/v1/decisions": [record]})
        self.addCleanup(stand_in.end)
        self.open(stand_in, "/ui/")
        browser = self.browser

        browser.wait("return document.querySelector('#sentence').textContent.endsWith(arguments[0])", f"keeping 3: {spelled}")
        browser.wait("return document.querySelector('#metric-text').textContent === arguments[0]", f"web: {spelled}")
        self.assertEqual(browser.run("return document.querySelector('#target').textContent"), f"default/{spelled}")
        browser.click("#decision-list summary")
        browser.wait_for_text("#decision-list", "Asked for")
        self.assertNotRegex(browser.run("return document.documentElement.textContent + document.title"),
                            "[\u202e\u2028\u0085\x1b]")

    def test_shows_several_metrics_their_proposals_and_shadow_mode(self):
        def decision(number, failed):
            proposals = [{"type": "Resource", "metric": "cpu", "replicas": 2 + number, "current": "450m", "target": "80%", "wins": True},
                         {"type": "External", "metric": "queue", "error": "no such metric"}]
            return {
                "id": number, "time": f"2026-01-31T14:05:3{number}.250Z", "trigger": "scaler", "mode": "shadow",
                "target": STATUS["target"], "currentReplicas": 3, "limitedBy": "behavior", "desiredReplicas": 4,
                "metrics": {"count": 30, "values": [{"resource": f"pod-{i}", "value": f"{i * number}\n"} for i in range(3)]},
                "evaluation": {"targetReplicas": 2 + number, "proposals": proposals},
                "steps": [{"rule": "behavior", "from": 9, "to": 4, "detail": "4 pods a minute", "reason": "ScaleUpLimit"}],
                "action": "failed" if failed else "shadow", "durations": {"target": 1.5},
                "failure": {"stage": "patch", "reason": "kubernetes", "message": "refused"} if failed else None,
                "message": f"decision {number}"}

        stand_in = StandIn(self.demo.url, {
            "/api/v1/status": {**STATUS, "mode": "shadow", "lastDecision": 4},
            "/api/v1/decisions": [decision(1, False), decision(2, False), decision(3, True), decision(4, False)]})
        self.addCleanup(stand_in.end)
        self.open(stand_in, "/ui/")
        browser = self.browser
        browser.wait_for_text("#sentence", "shadow decision 4")

        browser.wait_for_text("#badges", "shadow mode: nothing is written")
        browser.wait_for_text("#proposals-table", r"cpu\s+Resource\s+450m\s+80%\s+6 replicas\s*wins\s+queue\s+External\s+no such metric")
        browser.wait_for_text("#metric-chart .u-legend", r"average\s*4\s*lowest\s*0\s*highest\s*8")
        self.assertGreater(browser.drawn_pixels("#proposals-chart"), 1000)
        browser.wait_for_text("#stages", r"patch\s*Kubernetes\s+–\s+–\s+–\s+kubernetes 14:05:33")
        browser.click("#filter label:nth-of-type(3)")
        browser.wait("return document.querySelectorAll('#decision-list li').length === 1")
        browser.click("#decision-list summary")
        browser.wait_for_text("#decision-list", r"behavior 9 → 4: 4 pods a minute \(ScaleUpLimit\)\s+Written\s+nothing: a failure")
        browser.wait_for_text("#decision-list", r"and 27 more")

    def test_a_token_is_asked_for_and_kept_in_memory(self):
        autoscaler = Autoscaler(self.cpab, {"allow": {"runs": "nobody"}})
        self.addCleanup(autoscaler.end)
        self.open(autoscaler)
        browser = self.browser
        self.expected_complaints = "401 \\(Unauthorized\\)"

        browser.wait_for_text("#token-reason", "Authentication is needed")
        browser.type("#token", "nonsense" + ENTER)
        browser.wait_for_text("#token-reason", "The bearer token is none of those")
        browser.type("#token", "open-sesame" + ENTER)
        browser.wait_for_text("#decision-list", "3")

        browser.wait("return document.getElementById('token-form').hidden")
        browser.wait("return document.getElementById('run').hidden")
        self.assertTrue(browser.run("return document.getElementById('override-form').hidden"))
        self.assertTrue(browser.run("return document.getElementById('switch-mode').hidden"))
        self.assertIn("You may not switch it: apiConfig.allow.runs", browser.text("#mode"))
        self.assertEqual(browser.run("return [localStorage.length, sessionStorage.length, document.cookie]"), [0, 0, ""])
        browser.wait_for_text("#metric-chart .u-legend", "queue")

    def test_asks_nothing_while_nobody_looks(self):
        self.open_demo()
        browser = self.browser
        hide = """Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});
                  document.dispatchEvent(new Event('visibilitychange'))"""

        browser.run(hide, True)
        time.sleep(0.3)  # for what is under way
        browser.requested()
        time.sleep(POLLS)
        self.assertEqual(browser.requested(), [])

        first = browser.text("#decision-list time")
        browser.run(hide, False)
        browser.wait("return document.querySelector('#decision-list time').innerText !== arguments[0]", first)

    def test_fits_a_phone_in_light_and_dark(self):
        self.open_demo()
        browser = self.browser
        background = "return getComputedStyle(document.body).backgroundColor"
        colours = set()
        for scheme in ("light", "dark"):
            browser.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            colours.add(browser.run(background))
        browser.emulate("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
        self.addCleanup(browser.emulate, "Emulation.clearDeviceMetricsOverride")
        self.addCleanup(browser.emulate, "Emulation.setEmulatedMedia", features=[])

        self.assertEqual(len(colours), 2)
        browser.wait("return document.documentElement.scrollWidth === 360")
        self.assertGreater(browser.drawn_pixels("#replicas-chart"), 500)


if __name__ == "__main__":
    skip_without_chromium()
    DashboardTest.cpab = sys.argv.pop(1)
    unittest.main(verbosity=2)
