"""Web pages of other sites in a real browser, against a real daemon that is open to everybody, and cpab's own page by
all the ways in which people reach it. Usage: foreign_page_test.py CPAB [unittest options]

Ends with 77, which ctest takes for skipped, where there is no Chromium.
"""
import sys
import time
import unittest

from browser import Browser, skip_without_chromium
from programs import Autoscaler, Proxy, Site, get

# Over plain HTTP to another than the own machine a browser does not say of which site a page is.
ADDRESS = "10.9.9.9"
NAMES = [ADDRESS, "evil.example", "rebound.example", "listed.example", "proxied.example", "new.example"]
RESOLVER = "--host-resolver-rules=" + ", ".join(f"MAP {name} 127.0.0.1" for name in NAMES)
DONE = 1.5  # seconds after which whatever a page has sent has arrived

FORM = """
  const form = document.createElement('form');
  Object.assign(form, { method: 'POST', action: arguments[0] + '/api/v1/evaluation', target: 'result' });
  document.body.append(form);
  form.submit();
"""
FETCH = """
  for (const mode of ['no-cors', 'cors']) {
    fetch(arguments[0] + '/api/v1/evaluation', { method: 'POST', mode, body: '{}' }).catch(() => {});
    fetch(arguments[0] + '/api/v1/evaluation', { method: 'POST', mode, referrerPolicy: 'no-referrer' }).catch(() => {});
    fetch(arguments[0] + '/api/v1/metrics', { mode, referrerPolicy: 'no-referrer' }).catch(() => {});
  }
  fetch(arguments[0] + '/api/v1/mode', { method: 'PUT', body: '{"mode":"shadow"}' }).catch(() => {});
  fetch(arguments[0] + '/api/v1/override', { method: 'DELETE' }).catch(() => {});
"""
BEACON = "navigator.sendBeacon(arguments[0] + '/api/v1/evaluation', 'x')"
ELEMENTS = """
  for (const referrerPolicy of ['', 'no-referrer', 'unsafe-url']) {
    for (const [kind, link] of [['img', 'src'], ['iframe', 'src'], ['script', 'src'], ['link', 'href']]) {
      const element = document.createElement(kind);
      Object.assign(element, { referrerPolicy, rel: 'stylesheet', [link]: arguments[0] + '/api/v1/metrics' });
      document.body.append(element);
    }
  }
"""
SANDBOX = """
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-forms allow-scripts';
  frame.srcdoc = `<form method=POST action="${arguments[0]}/api/v1/evaluation"></form><script>document.forms[0].submit()</script>`;
  document.body.append(frame);
"""
LEAVE = "const link = document.createElement('a');" \
        "Object.assign(link, { href: arguments[0] + '/api/v1/metrics', referrerPolicy: 'no-referrer' }); link.click()"
ATTACKS = {"form": FORM, "fetch": FETCH, "beacon": BEACON, "elements": ELEMENTS, "sandbox": SANDBOX, "link": LEAVE}

# What a page may do that the browser takes for one of ours: returns the statuses.
REBOUND = """
  const until = '2999-01-01T00:00:00Z';
  const quiet = { referrerPolicy: 'no-referrer', headers: { 'Accept-Language': '', Accept: '*/*', 'User-Agent': 'curl/8' } };
  const calls = [['/api/v1/override', { method: 'PUT', body: JSON.stringify({ replicas: 4, until }) }],
                 ['/api/v1/mode', { method: 'PUT', body: '{"mode":"shadow"}' }],
                 ['/api/v1/evaluation', { method: 'POST' }],
                 ['/api/v1/evaluation', { method: 'POST', ...quiet }],
                 ['/api/v1/metrics', quiet], ['/api/v1/metrics', {}],
                 ['/api/v1/decisions', quiet], ['/api/v1/status', {}]];
  return Promise.all(calls.map(([path, options]) => fetch(path, options).then((response) => response.status)));
"""


class ForeignPageTest(unittest.TestCase):
    cpab = None

    @classmethod
    def setUpClass(cls):
        cls.daemon = Autoscaler(cls.cpab, {"tokenFile": "", "allowedHosts": ["listed.example", "proxied.example"]})
        cls.addClassCleanup(cls.daemon.end)
        cls.port = cls.daemon.url.rsplit(":", 1)[1]
        cls.site = Site("<!doctype html><title>evil</title><iframe name=result></iframe>")
        cls.addClassCleanup(cls.site.end)
        cls.browser = Browser(arguments=[RESOLVER])
        cls.addClassCleanup(cls.browser.__exit__)

    def asked(self):
        """How often user logic ran, but for the timer."""
        return self.daemon.asked.read_text().count('"runType":"api')

    def state(self):
        runs = [record for record in get(self.daemon.url + "/api/v1/decisions?limit=1000") if record["trigger"] != "scaler"]
        status = get(self.daemon.url + "/api/v1/status")
        return {"runs": len(runs), "asked": self.asked(), "mode": status["mode"], "override": status["override"]}

    def test_pages_of_other_sites_run_and_change_nothing(self):
        before = self.state()
        for host in ("127.0.0.1", "localhost", ADDRESS, "listed.example"):
            for page in ("evil.example", "localhost"):  # and so is what another port of this machine serves
                for name, script in ATTACKS.items():
                    with self.subTest(host=host, page=page, attack=name):
                        self.browser.open(f"http://{page}:{self.site.port}/")
                        self.browser.run(script, f"http://{host}:{self.port}")
                        time.sleep(0.3)
        time.sleep(DONE)
        self.assertEqual(self.state(), before)

    def test_the_attacks_would_be_seen(self):
        """By the page of cpab itself, which has the right to."""
        before = self.state()
        self.browser.open(f"http://{ADDRESS}:{self.port}/ui/")
        self.browser.run(BEACON, "")
        self.browser.wait("return fetch('/api/v1/metrics').then((response) => response.status === 200)")
        self.browser.run("return fetch('/api/v1/evaluation', { method: 'POST' }).then(() => true)")
        time.sleep(DONE)
        after = self.state()
        self.assertEqual(after["runs"], before["runs"] + 2)
        self.assertGreaterEqual(after["asked"], before["asked"] + 3)

    def test_a_name_that_suddenly_leads_to_us_is_of_no_use(self):
        before = self.state()
        self.browser.open(f"http://rebound.example:{self.port}/ui/")
        self.assertEqual(self.browser.run(REBOUND), [403] * 8)
        self.assertEqual(self.state(), before)

        self.browser.wait_for_text("#trouble", r"cpab says: A browser asks for 'rebound\.example:\d+'.*apiConfig\.allowedHosts")

    def check_own_page(self, url):
        """That it shows what is, and can do everything."""
        browser = self.browser
        before = self.state()
        browser.open(url)
        browser.wait_for_text("#decision-list", r"keeping|scaled")
        browser.click("#dry-run")
        browser.wait_for_text("#action-result", r"Asked for\s+3")
        browser.run("document.getElementById('action-result').innerText = ''")
        browser.click("#run")
        browser.click("#confirm [value=yes]")
        browser.wait_for_text("#action-result", r"Asked for\s+3")
        self.assertEqual(browser.run(
            "return fetch(new URL('../api/v1/override', location), { method: 'DELETE' }).then((answer) => answer.status)"), 200)
        after = self.state()
        self.assertEqual((after["runs"], after["asked"]), (before["runs"] + 1, before["asked"] + 2))

    def test_the_own_page_works_by_address_and_by_name(self):
        for host in ("127.0.0.1", "localhost", ADDRESS, "listed.example"):
            with self.subTest(host):
                self.check_own_page(f"http://{host}:{self.port}/ui/")

    def test_the_own_page_works_behind_proxies(self):
        for name, host in (("localhost", "api-server:6443"),         # kubectl proxy
                           ("127.0.0.1", "10.1.2.3:5000"),
                           ("proxied.example", "shop.default.svc"),  # an Ingress that changes the name
                           ("proxied.example", "proxied.example")):  # one that does not
            with self.subTest(name, host=host):
                proxy = Proxy(self.daemon.url, host)
                try:
                    self.check_own_page(f"http://{name}:{proxy.port}/path/ui/")
                finally:
                    proxy.end()

    def test_a_proxy_whose_name_is_not_listed_is_told_what_to_do(self):
        proxy = Proxy(self.daemon.url, "shop.default.svc")
        self.addCleanup(proxy.end)
        self.browser.open(f"http://new.example:{proxy.port}/path/ui/")
        self.browser.wait_for_text("#decision-list", r"keeping|scaled")
        self.assertTrue(self.browser.run("return document.getElementById('dry-run').disabled"))
        self.browser.wait_for_text("#mode-hint", r"You may not switch it: .*new\.example:\d+.*apiConfig\.allowedHosts")
        answer = self.browser.run("return fetch('../api/v1/evaluation', { method: 'POST' }).then((answer) => answer.json())")
        self.assertEqual(answer["code"], 403)
        self.assertRegex(answer["message"], r"new\.example:\d+.*apiConfig\.allowedHosts")


if __name__ == "__main__":
    skip_without_chromium()
    ForeignPageTest.cpab = sys.argv.pop(1)
    unittest.main(verbosity=2)
