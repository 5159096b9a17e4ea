"""The programs under test, each in a temporary folder of its own, on whatever ports are free."""
import atexit
import http.server
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 30  # seconds; a busy machine is slow

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
"""


class Program:
    """Something that runs beside the test, ended with it."""

    def __init__(self, arguments, folder, environment=()):
        self._lines = []
        self._process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"PATH": os.environ["PATH"], "TMPDIR": folder, "HOME": folder, **dict(environment)})
        threading.Thread(target=self._read, daemon=True).start()
        atexit.register(self._process.kill)

    def prints(self, pattern):
        """Waits for a line that matches, and returns its first group."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in list(self._lines):
                if match := re.search(pattern, line):
                    return match[1]
            time.sleep(0.05)
        raise AssertionError(f"no line like {pattern} in:\n" + "".join(self._lines))

    def end(self, number=signal.SIGTERM):
        self._process.send_signal(number)
        self._process.wait(timeout=PATIENCE)

    def _read(self):
        with self._process.stdout as lines:
            for line in lines:
                self._lines.append(line)


class Demo:
    """`cpab demo`, whose scripts lie in `scripts`."""

    def __init__(self, cpab, port=0):
        self._folder = tempfile.TemporaryDirectory(prefix="cpab-ui-")
        self._program = Program([cpab, "demo", "--port", str(port), "--api-port", "0"], self._folder.name)
        self.url = self._program.prints(r"REST API +(http\S+)")
        self.scripts = pathlib.Path(self._program.prints(r"user logic +(\S+)"))

    def replace_script(self, name, text):
        """In one step, so that no cycle runs half of it."""
        fresh = self.scripts / (name + ".new")
        fresh.write_text(text)
        fresh.rename(self.scripts / name)

    def end(self):
        self._program.end()
        self._folder.cleanup()


class Autoscaler:
    """The daemon on a simulated cluster, with this `apiConfig`. What its metric was asked with is in `asked`."""

    def __init__(self, cpab, api_config):
        self._folder = tempfile.TemporaryDirectory(prefix="cpab-ui-")
        self._cluster = Program([cpab, "simulate", "--serve", "--port", "0", "--manifest",
                                 self._write("manifest.yaml", MANIFEST), "--kubeconfig", self._path("kubeconfig")],
                                self._folder.name)
        self._cluster.prints("(Ctrl-C ends it)")
        self.asked = pathlib.Path(self._write("asked", ""))
        self.token_file = self._write("tokens", "open-sesame\n")
        config = self._write("config.yaml", json.dumps(self._config(api_config)))
        self._daemon = Program([cpab], self._folder.name,
                               {"configPath": config, "KUBECONFIG": self._path("kubeconfig")})
        self.url = "http://127.0.0.1:" + self._daemon.prints(r"on port (\d+)")

    def end(self):
        self._daemon.end()
        self._cluster.end()
        self._folder.cleanup()

    def _config(self, api_config):
        def shell(script, asked="/dev/null"):
            return {"type": "shell", "timeout": 60000,
                    "shell": {"entrypoint": "sh", "command": ["-c", f"cat >>{asked}; {script}"]}}

        return {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
                "runMode": "per-resource", "interval": 1000, "maxReplicas": 4,
                "metric": shell("echo '{\"queue\": 12, \"name\": \"a\"}'", self.asked),
                "evaluate": shell("echo '{\"targetReplicas\": 3}'"),
                "apiConfig": {"host": "127.0.0.1", "port": 0, "tokenFile": self.token_file, **api_config}}

    def _path(self, name):
        return str(pathlib.Path(self._folder.name) / name)

    def _write(self, name, text):
        pathlib.Path(self._path(name)).write_text(text)
        return self._path(name)


class Site:
    """A web server that answers every path with this page."""

    def __init__(self, page):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_):
                pass

        self._server = ServerInThread(Handler)
        self.port = self._server.port
        self.end = self._server.end


class Proxy:
    """Hands requests on to `url` as if they were for `host`, without the first part of the path."""

    def __init__(self, url, host):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
                headers = {**dict(self.headers), "Host": host, "Connection": "close"}
                request = urllib.request.Request(url + self.path[self.path.index("/", 1):], body, headers,
                                                 method=self.command)
                try:
                    answer = urllib.request.urlopen(request, timeout=PATIENCE)
                except urllib.error.HTTPError as error:
                    answer = error
                with answer:
                    content = answer.read()
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        if name not in ("Content-Length", "Connection", "Transfer-Encoding"):
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        self._server = ServerInThread(Handler)
        self.port = self._server.port
        self.end = self._server.end


class ServerInThread:
    def __init__(self, handler):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self):
        self._server.shutdown()
        self._server.server_close()


class StandIn:
    """Answers with the page of the daemon at `daemon_url`, and with data that it would take long to come by."""

    def __init__(self, daemon_url, answers):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = urllib.parse.urlsplit(self.path).path
                if path in answers:
                    self._answer({"Content-Type": "application/json"}, json.dumps(answers[path]).encode())
                else:
                    request = urllib.request.Request(daemon_url + self.path, headers=dict(self.headers))
                    with urllib.request.urlopen(request, timeout=PATIENCE) as page:
                        self._answer({name: page.headers[name] for name in page.headers
                                      if name.startswith("Content-")}, page.read())

            def _answer(self, headers, body):
                self.send_response(200)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ServerInThread(Handler)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.end = self._server.end


def get(url):
    """What the API answers, as JSON."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.load(answer)
