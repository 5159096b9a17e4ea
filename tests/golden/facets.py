"""What is compared of a scenario: a name and a JSON value for each thing that was seen, so that key
order, header order and the spelling of numbers do not matter."""

import json
import os
import re
import urllib.parse

STAGE = re.compile(r"(pre|post)?([mM]etric|[eE]valuate|Scale)(\.[\w-]+)?\.json$")

# Headers of a request to a user's HTTP method that belong to the transport or to the client
# library: how a body travels is not part of the contract, what it says is.
TRANSPORT_HEADERS = {"host", "transfer-encoding", "content-length", "connection", "accept",
                     "user-agent", "accept-encoding", "referer"}


def no_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a key twice in {names}")
    return dict(pairs)


def whole(number):
    value = float(number)
    return int(value) if value.is_integer() else value


def parsed(data):
    return json.loads(data, object_pairs_hook=no_duplicates, parse_float=whole)


def json_or_text(data):
    text = data.decode("utf-8", "backslashreplace")
    try:
        return parsed(text)
    except ValueError:
        return text.strip()


def unchunked(body):
    result = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        result, body = result + body[:length], body[length + 2 :]
    return result


def header_fields(head):
    fields = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        fields.setdefault(name.lower(), []).append(value.strip())
    return fields


def split_message(data):
    """First line, header fields, body without its transfer coding."""
    head, _, body = data.partition(b"\r\n\r\n")
    fields = header_fields(head)
    if "chunked" in "".join(fields.get("transfer-encoding", [])):
        body = unchunked(body)
    return head.split(b"\r\n")[0].decode("latin-1"), fields, body


def rest_answers(data):
    """The answers on one connection of the REST API. Successes count as what their body is."""
    if data.startswith(b"!!") or data.startswith(b"\n!!"):
        return [{"no answer": data.strip().decode()}]
    answers = []
    while data:
        line, fields, body = split_message(data)
        rest = b""
        if "content-length" in fields and body:
            length = int(fields["content-length"][0])
            body, rest = body[:length], body[length:]
        answers.append({"status": int(line.split(" ")[1]), "body": json_or_text(body)})
        data = rest
    return answers


def method_request(data):
    """What an HTTP method of a user received."""
    line, fields, body = split_message(data)
    method, target, _ = line.split(" ")
    path, _, query = target.partition("?")
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return {"method": method, "path": path,
            "query": [[name, json_or_text(value.encode())] for name, value in pairs],
            "headers": {k: v for k, v in fields.items() if k not in TRANSPORT_HEADERS},
            "body": json_or_text(body)}


def patches(data):
    """The writes to the API server: what was patched, and the replicas it was set to."""
    found = []
    for exchange in map(json.loads, data.splitlines()):
        if exchange["method"] == "GET":
            continue
        operations = json.loads(exchange["request_body"])
        sets = [operation["value"] for operation in operations if operation["op"] == "replace"]
        found.append([exchange["method"], exchange["path"], *sets])
    return found


def lines(data):
    return data.decode().splitlines()


def reader(name):
    """How a file is read, or None when it is not compared."""
    if name.startswith("http-request-"):
        return method_request
    if name == "k8s.jsonl":
        return patches
    if STAGE.match(name):
        return lambda data: parsed(data.decode())
    if name.endswith(".http"):
        return rest_answers
    if name == "order.txt" or name.endswith(".runType") or name.startswith("exit"):
        return lines
    return None


def of_folder(folder, aliases):
    """Relative file name -> value. `aliases`: text -> what it is called in both runs."""
    found = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            read = reader(name)
            if read is None:
                continue
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                data = file.read()
            for text, alias in aliases.items():
                data = data.replace(text.encode(), alias.encode())
            try:
                found[os.path.relpath(path, folder)] = read(data)
            except ValueError as error:
                found[os.path.relpath(path, folder)] = {"unreadable": str(error)}
    return found
