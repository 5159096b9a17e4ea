"""A headless Chromium, driven over WebDriver with nothing but the standard library."""
import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SKIPPED = 77  # what ctest takes for skipped
CHROMIUM_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--hide-scrollbars",
]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 20  # seconds; a busy machine is slow


# How many pixels of a canvas are drawn on.
DRAWN_PIXELS = """
  const canvas = document.querySelector(arguments[0] + ' canvas');
  if (!canvas || !canvas.width) return 0;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn;
"""


def skip_without_chromium():
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            print(f"skipped: there is no {program} here (Debian: apt-get install chromium chromium-driver)")
            sys.exit(SKIPPED)


class Browser:
    """One window of its own, without a profile. Use it with `with`."""

    def __init__(self, width=1280, height=900, arguments=()):
        self._arguments = [*CHROMIUM_ARGUMENTS, *arguments]
        self._profile = tempfile.TemporaryDirectory(prefix="cpab-ui-", ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self._url = f"http://127.0.0.1:{self._driver_port()}"
        try:
            self._url += "/session/" + self._new_session(width, height)
        except BaseException:
            self._end_driver()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._call("DELETE", "")
        self._end_driver()

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def location(self):
        return self._call("GET", "/url")

    def run(self, script, *arguments):
        """Runs the body of a function in the page, and returns what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector):
        """The text that is to be seen of an element; empty without one."""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def click(self, selector):
        """As a person would: fails on what is hidden or covered."""
        element = self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._call("POST", f"/element/{element}/click", {})

    def type(self, selector, text):
        element = self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._call("POST", f"/element/{element}/value", {"text": text})

    def press(self, key):
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def wait(self, script, *arguments, patience=PATIENCE):
        """Until the script returns something true, which is returned."""
        end = time.monotonic() + patience
        while not (result := self.run(script, *arguments)):
            if time.monotonic() > end:
                raise AssertionError(f"not within {patience} s: {script} {arguments}; the page says:\n"
                                     + self.text("body"))
            time.sleep(0.1)
        return result

    def wait_for_text(self, selector, pattern):
        """Until the text of the element matches."""
        return self.wait("return new RegExp(arguments[1]).test("
                         "document.querySelector(arguments[0])?.innerText ?? '')", selector, pattern)

    def drawn_pixels(self, selector):
        return self.run(DRAWN_PIXELS, selector)

    def emulate(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))

    def complaints(self):
        """What has come up in the console since the last call."""
        return [entry["message"] for entry in self._log("browser")]

    def requested(self):
        """The URLs that have been asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def _log(self, kind):
        return self._call("POST", "/se/log", {"type": kind})

    def _driver_port(self):
        for line in self._driver.stdout:
            if match := re.search(r"started successfully on port (\d+)", line):
                return int(match[1])
        raise RuntimeError("chromedriver did not start")

    def _new_session(self, width, height):
        options = {"args": self._arguments + [f"--user-data-dir={self._profile.name}",
                                              f"--window-size={width},{height}"]}
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options,
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        return answer["sessionId"]

    def _end_driver(self):
        self._driver.terminate()
        self._driver.wait(timeout=PATIENCE)
        self._driver.stdout.close()
        self._profile.cleanup()

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            message = json.load(error)["value"]["message"]
            raise AssertionError(f"{method} {path} {body}: {message}") from error
