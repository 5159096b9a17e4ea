"""The report of cpab simulate in a real browser, from its file. Usage: report_test.py CPAB [unittest options]

Ends with 77, which ctest takes for skipped, where there is no Chromium.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import Browser, skip_without_chromium

ARROW_RIGHT, PAGE_DOWN = "\uE014", "\uE00F"
HOSTILE = "</script><img src=x onerror='window.harmed = true'><script>window.harmed = true</script><!-- \\u003cb>"
SCENARIO = {
    "start": "2026-01-05T00:00:00Z", "duration": "2h", "replicas": 2, "load": [
        {"constant": 60}, {"step": {"at": "30m", "height": 100}}, {"step": {"at": "60m", "height": -90}}],
    "faults": [{"at": "80m", "for": "10m", "what": "api"}],
}
# Two replicas, four in the second half hour; complains between 1:00 and 1:10.
EVALUATE = """
import json, os, sys
time = os.environ["CPAB_SIMULATED_TIME"][11:16]
if "01:00" <= time < "01:10":
    sys.exit("cannot say " + os.environ["HOSTILE"])
print(json.dumps({"targetReplicas": 4 if "00:30" <= time < "01:00" else 2, "reason": f"it is {time} " + os.environ["HOSTILE"]}))
"""


def shell(script, timeout=60000):
    return {"type": "shell", "timeout": timeout, "shell": {"entrypoint": "python3", "command": ["-c", script]}}


def configuration(**changes):
    return {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "interval": 120000,
            "runMode": "per-resource", "maxReplicas": 8, "metric": shell("print(1)"), "evaluate": shell(EVALUATE),
            "downscaleStabilization": 0, **changes}


class ReportTest(unittest.TestCase):
    cpab = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="cpab-ui-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.__exit__)
        cls.single = cls.simulate("single", SCENARIO, configuration())
        cls.compared = cls.simulate("compared", SCENARIO, configuration(), configuration(maxReplicas=3))

    @classmethod
    def simulate(cls, name, scenario, *configurations):
        """The report's file."""
        folder = pathlib.Path(cls.folder.name) / name
        folder.mkdir()
        files = []
        for file, content in zip(("scenario.yaml", "usual.yaml", "fewer <b>.yaml"), (scenario, *configurations)):
            files.append(folder / file)
            files[-1].write_text(json.dumps(content))
        options = ["--scenario", files[0], "--config", files[1]] + (["--compare", files[2]] if len(files) > 2 else [])
        subprocess.run([cls.cpab, "simulate", *options, "--fail-if", "cyclesFailed>1000", "--out", folder], check=True, stdout=subprocess.DEVNULL,
                       env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOSTILE": HOSTILE})
        return folder / "report.html"

    def setUp(self):
        self.browser.open("about:blank")
        self.browser.complaints()
        self.browser.requested()
        self.opened = None

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [], "in the console")
        foreign = [url for url in self.browser.requested() if not url.startswith((self.opened, "about:", "data:"))]
        self.assertEqual(foreign, [], "nothing is fetched")

    def open(self, report):
        self.opened = report.as_uri()
        self.browser.open(self.opened)

    def place(self, chart, share):
        """Where in the window a chart is, so far from its left edge."""
        return self.browser.run("""
            const over = document.querySelectorAll('.u-over')[arguments[0]];
            over.scrollIntoView({ block: 'center' });
            const { left, top, width, height } = over.getBoundingClientRect();
            return [left + arguments[1] * width, top + height / 2]""", chart, share)

    def point(self, chart, share):
        x, y = self.place(chart, share)
        self.browser.emulate("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def drag(self, chart, *shares):
        for kind, share in zip(("mousePressed", "mouseMoved", "mouseReleased"), shares):
            x, y = self.place(chart, share)
            self.browser.emulate("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def touch(self, chart, share):
        x, y = self.place(chart, share)
        for kind, distance in (("touchStart", 30), ("touchMove", 15), ("touchMove", 0)):
            self.browser.emulate("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x - distance, "y": y}])
        self.browser.emulate("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def decided_at(self, time):
        """What the reading says of a moment at which somebody points."""
        self.browser.wait_for_text(".reading", time)
        return self.browser.text(".reading")

    def test_draws_and_tells_in_figures(self):
        self.open(self.single)
        browser = self.browser

        self.assertEqual(browser.text("h1"), "usual.yaml")
        self.assertRegex(browser.text("#scenario"), "in scenario.yaml · Deployment web in namespace default · "
                                                    "Mon,? 5 Jan 2026, 00:00 to Mon,? 5 Jan 2026, 02:00 UTC · 2.h")
        self.assertRegex(browser.text("#verdict"), r"usual.yaml violates the service level for 45.s, and takes 5\.\d+ pod-hours, \d+.% more than needed")
        self.assertRegex(browser.text("#failures"), r"^\d+ of \d+ cycles of usual.yaml failed, and changed nothing\.$")
        self.assertRegex(browser.text("#tiles"), r"Pod-hours\s+\d\.\d+\s+\d+.% more than needed")
        self.assertRegex(browser.text("#figures"), r"Reversals\s+changes .* before\s+reversals\s+1\b")
        self.assertRegex(browser.text("#notes"), "Fault of the scenario: the API server answers 503, .*01:20:00 for 10.min")
        for chart in (".replay .chart", ".reading + div .chart"):
            self.assertGreater(browser.drawn_pixels(chart), 5000)

    def test_tells_reasons_where_somebody_points(self):
        self.open(self.single)
        browser = self.browser

        self.point(0, 0.3)
        self.assertRegex(self.decided_at("00:36:00"), r"load 160, capacity 200, 4 replicas ready, 4 needed\s+kept keeping 4: .* \(it is 00:36 </script>")
        self.point(1, 0.25)
        self.assertRegex(self.decided_at("00:30:00"), r"2 replicas ready, 4 needed service level violated\s+scaled scaled 2 -> 4: .* \(it is 00:30 </script>")
        self.point(0, 0.7)
        self.assertRegex(self.decided_at("01:24:00"), r"the API server answers 503\s+failed ")

        browser.run("document.querySelector('.chart').focus()")
        browser.press(ARROW_RIGHT)
        self.decided_at("01:24:15")
        browser.run("document.querySelector('[data-do=all]').focus()")
        browser.click(".list button")
        self.assertRegex(self.decided_at("00:3[02]:"), r"scaled scaled 2 -> 4")
        browser.run("document.querySelector('.chart').focus()")
        browser.press(PAGE_DOWN)
        self.assertRegex(self.decided_at("01:00:00"), r"failed .*")
        self.assertRegex(browser.run("return document.querySelector('.chart').getAttribute('aria-valuetext')"), "01:00:00: load 70,.*failed")

    def test_what_others_have_written_is_text(self):
        self.open(self.compared)
        browser = self.browser

        browser.click(".journal label:nth-of-type(3)")
        browser.wait_for_text(".list pre", "cannot say </script><img src=x onerror=.*<!-- \\\\u003cb>")
        self.assertIn("fewer <b>.yaml", browser.text("h1"))
        self.assertFalse(browser.run("return 'harmed' in window"))
        self.assertEqual(browser.run("return document.querySelectorAll('main img, main script, h1 b').length"), 0)

    def test_compares_with_the_same_axes(self):
        self.open(self.compared)
        browser = self.browser
        shown = browser.text("#shown")
        moments = "return [...document.querySelectorAll('.chart')].map((chart) => chart.getAttribute('aria-valuenow'))"

        self.assertRegex(browser.text("#tiles"), r"A\s+\S.*\s+.*more than needed\s+B\s+\S.*\s+.*needed\s+−.* better")
        self.assertRegex(browser.text("#verdict"), r"fewer <b>.yaml takes .* pod-hours less than usual.yaml \(−\d+.%\), and violates")
        left, right = browser.run("return [...document.querySelectorAll('.replay')].map((one) => one.getBoundingClientRect().top)")
        self.assertEqual(left, right)
        self.point(2, 0.3)
        browser.wait("return [...document.querySelectorAll('.reading')].every((one) => /00:3[56]:/.test(one.innerText))")
        self.assertEqual(len(set(browser.run(moments))), 1)

        self.drag(0, 0.25, 0.5, 0.5)
        browser.wait_for_text("#shown", r"00:(29|30):\d\d to .*(00:59|01:00):\d\d")
        browser.wait("return document.querySelectorAll('.list li').length < 8")
        browser.click("[data-do=all]")
        browser.wait("return document.getElementById('shown').innerText === arguments[0]", shown)

    def test_says_what_a_long_replay_leaves_out(self):
        hpa = {"metric": {"type": "kubernetes"}, "evaluate": {"type": "hpa"}, "interval": 60000, "kubernetesMetricSpecs": [
            {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}]}
        self.open(self.simulate("long", {**SCENARIO, "sampleInterval": "1s"}, configuration(**hpa)))

        self.assertRegex(self.browser.text("#notes"), r"The charts draw [\d,]+ of 7,201 samples")
        self.assertGreater(self.browser.drawn_pixels(".chart"), 5000)

    def test_fits_a_phone_in_light_and_dark(self):
        browser = self.browser
        browser.emulate("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        browser.emulate("Emulation.setTouchEmulationEnabled", enabled=True)
        self.addCleanup(browser.emulate, "Emulation.clearDeviceMetricsOverride")
        self.addCleanup(browser.emulate, "Emulation.setTouchEmulationEnabled", enabled=False)
        self.addCleanup(browser.emulate, "Emulation.setEmulatedMedia", features=[])
        self.open(self.compared)
        colours = set()
        for scheme in ("light", "dark"):
            browser.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            colours.add(browser.run("return getComputedStyle(document.body).backgroundColor"))

        self.assertEqual(len(colours), 2)
        browser.wait("return document.documentElement.scrollWidth === 390")
        self.touch(0, 0.3)
        self.decided_at("00:36:")

    def test_prints_light_and_as_wide_as_paper(self):
        browser = self.browser
        browser.emulate("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.addCleanup(browser.emulate, "Emulation.setEmulatedMedia", features=[])
        self.open(self.compared)
        state = """return [document.querySelector('.u-wrap').clientWidth,
                          getComputedStyle(document.documentElement).getPropertyValue('--page')]"""
        before = browser.run(state)
        browser.run("dispatchEvent(new Event('beforeprint'))")
        browser.wait("return document.querySelector('.u-wrap').clientWidth === 640")
        printed = browser.run(state)
        browser.run("dispatchEvent(new Event('afterprint'))")

        self.assertNotEqual(printed[1], before[1])
        browser.wait("return document.querySelector('.u-wrap').clientWidth === arguments[0]", before[0])


if __name__ == "__main__":
    skip_without_chromium()
    ReportTest.cpab = sys.argv.pop(1)
    unittest.main(verbosity=2)
