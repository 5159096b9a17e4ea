"""A Kubernetes API server that answers with what was recorded. It stands in for the module `proxy`
of the recording tools, which drive.py imports; we ask some things differently than the reference
did (discovery on demand, paging, JSON pods), so it matches by meaning and not by bytes."""

import datetime
import http.server
import json
import os
import ssl
import subprocess
import threading
import urllib.parse

import pod_list

RECORDED_ON = "2026-11-01"  # a pod that started later was young when it was recorded
CLIENT_PARAMETERS = ("timeout", "limit", "continue")  # how we ask, not what we ask for

CERTS = None  # where drive.py finds proxy.crt and proxy.key


def make_certificate(folder):
    """Into the folder, for servers and clients alike. Returns the file with the certificate."""
    global CERTS
    os.makedirs(folder, exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder + "/proxy.key", "-out", folder + "/proxy.crt"],
        check=True, stderr=subprocess.DEVNULL)
    CERTS = folder
    return folder + "/proxy.crt"


def meaning(method, path):
    """What a request asks for."""
    path, _, query = path.partition("?")
    pairs = urllib.parse.parse_qsl(query)
    return (method, urllib.parse.unquote(path),
            tuple(sorted(pair for pair in pairs if pair[0] not in CLIENT_PARAMETERS)))


def keep_young(pods):
    """Start times are compared with the clock: what was young then must be young now."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    for pod in pods["items"]:
        if pod["status"].get("startTime", "") > RECORDED_ON:
            pod["status"]["startTime"] = now
    return pods


def answer(exchange):
    """(status, headers, body) of a recorded exchange."""
    headers = {name.lower(): value for name, value in exchange["response_headers"]}
    body = exchange["response_body"].encode("utf-8", "surrogateescape")
    if "protobuf" in headers.get("content-type", ""):
        body = json.dumps(keep_young(pod_list.from_protobuf(body))).encode()
        headers["content-type"] = "application/json"
    kept = ("content-type", "retry-after")
    return exchange["status"], [pair for pair in headers.items() if pair[0] in kept], body


def not_recorded(method, path):
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
              "message": f"not recorded: {method} {path}", "reason": "NotFound", "code": 404}
    return 404, [("content-type", "application/json")], json.dumps(status).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, reply = self.server.api.reply(self.command, self.path, body.decode())
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(reply)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A daemon that is killed breaks connections: nothing to report."""


class Proxy:
    """The part of the recording proxy that drive.py uses when it replays."""

    def __init__(self, port):
        self.rec = None  # file that receives the exchanges of the replay
        self.replay = None
        self.fake = self.post_fake = None  # of the recording; unused
        self.seq = 0
        self.lock = threading.Lock()
        server = Server(("127.0.0.1", port), Handler)
        server.api = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTS + "/proxy.crt", CERTS + "/proxy.key")
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def load_replay(self, path):
        replay = {}
        with open(path, encoding="utf-8") as lines:
            for exchange in map(json.loads, lines):
                key = meaning(exchange["method"], exchange["path"])
                replay.setdefault(key, []).append(exchange)
        with self.lock:
            self.replay = replay

    def reply(self, method, path, body):
        """In the recorded order; the last answer repeats."""
        with self.lock:
            left = (self.replay or {}).get(meaning(method, path))
            if not left:
                result = not_recorded(method, path)
            else:
                result = answer(left.pop(0) if len(left) > 1 else left[0])
            self.record(method, path, body, result[0])
        return result

    def record(self, method, path, body, status):
        if self.rec is None:
            return
        with open(self.rec, "a", encoding="utf-8") as file:
            file.write(json.dumps({"method": method, "path": path, "request_body": body,
                                   "status": status}) + "\n")
