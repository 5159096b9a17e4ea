"""User logic as a small web service: nothing is started per call.

POST /metric    one pod in, its load out; called once per pod
POST /evaluate  all loads in, a replica count out
GET  /healthz   for probes
"""
import json
import math
import os
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOAD_PER_POD = float(os.environ.get("LOAD_PER_POD", "50"))
# Where a pod tells its load, as JSON with a number `load`.
POD_URL = os.environ.get("POD_URL", "http://{ip}:5000/metric")


def metric(call):
    pod = call["resource"]
    ip = pod["status"].get("podIP")
    if pod["status"].get("phase") != "Running" or not ip:
        return {"ready": False}  # still starting, or about to go
    url = POD_URL.format(ip=ip, name=pod["metadata"]["name"],
                         namespace=pod["metadata"]["namespace"])
    with urllib.request.urlopen(url, timeout=2) as answer:
        return {"ready": True, "load": json.load(answer)["load"]}


def evaluate(call):
    # The value of a metric is always text, here the JSON that metric() returned.
    readings = [json.loads(item["value"]) for item in call["metrics"]]
    loads = [reading["load"] for reading in readings if reading["ready"]]
    if not loads:
        return {"hold": True, "reason": "no pod is running"}
    return {"targetReplicas": math.ceil(sum(loads) / LOAD_PER_POD),
            "reason": f"load {sum(loads):.0f} on {len(loads)} pods"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection open between calls
    stages = {"/metric": metric, "/evaluate": evaluate}

    def do_GET(self):
        self.answer(*((200, {"status": "ok"}) if self.path == "/healthz" else (404, {})))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path not in self.stages:
            return self.answer(404, {})
        try:
            self.answer(200, self.stages[self.path](json.loads(body)))
        except Exception as error:
            # Any status but 200 fails the cycle, and nothing is scaled on a guess.
            self.answer(500, {"error": f"{type(error).__name__}: {error}"})

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_request(self, *_):
        pass  # one line a call is too much


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8900"))), Handler)
    print(f"listening on port {server.server_port}", file=sys.stderr, flush=True)
    server.serve_forever()
