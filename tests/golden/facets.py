"""What is compared of a scenario: a name and a JSON value for each thing that was seen, so that key
order, header order and the spelling of numbers do not matter."""

import json
import os
import re
import urllib.parse

STAGE = re.compile(r"(pre|post)?([mM]etric|[eE]valuate|Scale)(\.[\w-]+)?\.json$")

# Names that every HTTP library sends with values of its own.
LIBRARY_HEADERS = {"user-agent": ("Go-http-client/", "cpab/"), "accept-encoding": ("gzip",)}


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


def one_answer(line, fields, body):
    kind = fields.get("content-type", [""])[0].partition(";")[0]
    return {"status": int(line.split(" ")[1]), "type": kind if body else "",
            "body": json_or_text(body)}


def rest_answers(data):
    """The answers on one connection of the REST API."""
    if data.lstrip().startswith(b"!!"):
        return [{"no answer": data.strip().decode()}]
    answers = []
    while data:
        line, fields, body = split_message(data)
        rest = b""
        if "content-length" in fields and body:
            length = int(fields["content-length"][0])
            body, rest = body[:length], body[length:]
        answers.append(one_answer(line, fields, body))
        data = rest
    return answers


def user_header(name, values):
    """Whether it says something to the user's program, and not only who carries it."""
    own = LIBRARY_HEADERS.get(name, ())
    return name not in ("content-length", "transfer-encoding") and not values[0].startswith(own)


def framing(fields):
    if "transfer-encoding" in fields:
        return "chunked"
    return "length" if "content-length" in fields else "none"


def method_request(data):
    """What an HTTP method of a user received."""
    line, fields, body = split_message(data)
    method, target, _ = line.split(" ")
    path, _, query = target.partition("?")
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return {"method": method, "path": path,
            "query": [[name, json_or_text(value.encode())] for name, value in pairs],
            "headers": {name: values for name, values in fields.items()
                        if user_header(name, values)},
            "framing": framing(fields), "body": json_or_text(body)}


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
    """Relative file name -> value. `aliases`: regular expression -> what it stands for."""
    found = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            read = reader(name)
            if read is None:
                continue
            path = os.path.join(directory, name)
            with open(path, "rb") as file:
                data = file.read()
            for pattern, alias in aliases.items():
                data = re.sub(pattern.encode(), alias.encode(), data)
            try:
                found[os.path.relpath(path, folder)] = read(data)
            except ValueError as error:
                found[os.path.relpath(path, folder)] = {"unreadable": str(error)}
    return found
