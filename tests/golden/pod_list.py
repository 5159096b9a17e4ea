"""Pod lists as JSON. The reference asked for them as protobuf, we ask for JSON, so what was recorded
is translated: into what an API server would have answered us."""

import copy
import datetime
import json

MAGIC = b"k8s\x00"
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def wire_fields(data):
    """(field number, value) of a message: int for a varint, bytes for everything with a length."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == VARINT:
            yield key >> 3, varint()
        elif kind == BYTES:
            length = varint()
            yield key >> 3, data[at : at + length]
            at += length
        else:
            raise ValueError(f"wire type {kind} is not used by pods")


def text(data):
    return data.decode()


def number(value):
    return value - (1 << 64) if value >> 63 else value


def time(data):
    """A null time is an empty message."""
    seconds = dict(wire_fields(data)).get(1)
    if seconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def wrapped_text(data):
    """A message whose only field is a text, such as a quantity."""
    return text(dict(wire_fields(data))[1])


def json_bytes(data):
    return json.loads(dict(wire_fields(data))[1])


class Message:
    """`fields`: number -> (JSON name, decoder). `always`: what JSON shows even when it is empty."""

    def __init__(self, fields, always=None):
        self.fields = fields
        self.always = always or {}

    def __call__(self, data):
        result = copy.deepcopy(self.always)
        for key, raw in wire_fields(data):
            name, decode = self.fields[key]
            if isinstance(decode, Each):
                result.setdefault(name, []).append(decode.decode(raw))
            elif isinstance(decode, Map):
                pair = dict(wire_fields(raw))
                result.setdefault(name, {})[text(pair[1])] = decode.decode(pair[2])
            else:
                result[name] = decode(raw)
        return {name: value for name, value in result.items() if value != "" or name in self.always}


class Each:
    def __init__(self, decode):
        self.decode = decode


class Map:
    def __init__(self, decode):
        self.decode = decode


# Field numbers are those of k8s.io/api/core/v1/generated.proto; a field that is not listed here
# and yet recorded is a KeyError.
OWNER = Message({1: ("kind", text), 3: ("name", text), 4: ("uid", text), 5: ("apiVersion", text),
                 6: ("controller", bool), 7: ("blockOwnerDeletion", bool)})
MANAGED = Message({1: ("manager", text), 2: ("operation", text), 3: ("apiVersion", text),
                   4: ("time", time), 6: ("fieldsType", text), 7: ("fieldsV1", json_bytes),
                   8: ("subresource", text)})
METADATA = Message({1: ("name", text), 2: ("generateName", text), 3: ("namespace", text),
                    4: ("selfLink", text), 5: ("uid", text), 6: ("resourceVersion", text),
                    7: ("generation", lambda value: number(value) or ""),
                    8: ("creationTimestamp", time), 9: ("deletionTimestamp", time),
                    10: ("deletionGracePeriodSeconds", number), 11: ("labels", Map(text)),
                    12: ("annotations", Map(text)), 13: ("ownerReferences", Each(OWNER)),
                    14: ("finalizers", Each(text)), 17: ("managedFields", Each(MANAGED))})
PORT = Message({1: ("name", text), 2: ("hostPort", lambda value: number(value) or ""),
                3: ("containerPort", number), 4: ("protocol", text), 5: ("hostIP", text)})
VARIABLE = Message({1: ("name", text), 2: ("value", text)})
RESOURCES = Message({1: ("limits", Map(wrapped_text)), 2: ("requests", Map(wrapped_text))})
CONTAINER = Message({1: ("name", text), 2: ("image", text), 5: ("workingDir", text),
                     6: ("ports", Each(PORT)), 7: ("env", Each(VARIABLE)), 8: ("resources", RESOURCES),
                     13: ("terminationMessagePath", text), 14: ("imagePullPolicy", text),
                     16: ("stdin", lambda value: ""), 17: ("stdinOnce", lambda value: ""),
                     18: ("tty", lambda value: ""), 20: ("terminationMessagePolicy", text)},
                    always={"resources": {}})
TOLERATION = Message({1: ("key", text), 2: ("operator", text), 3: ("value", text),
                      4: ("effect", text), 5: ("tolerationSeconds", number)})
SPEC = Message({2: ("containers", Each(CONTAINER)), 3: ("restartPolicy", text),
                4: ("terminationGracePeriodSeconds", number), 6: ("dnsPolicy", text),
                8: ("serviceAccountName", text), 9: ("serviceAccount", text), 10: ("nodeName", text),
                11: ("hostNetwork", lambda value: ""), 12: ("hostPID", lambda value: ""),
                13: ("hostIPC", lambda value: ""), 14: ("securityContext", Message({})),
                16: ("hostname", text), 17: ("subdomain", text), 19: ("schedulerName", text),
                22: ("tolerations", Each(TOLERATION)), 24: ("priorityClassName", text),
                25: ("priority", number), 30: ("enableServiceLinks", bool),
                31: ("preemptionPolicy", text)})
CONDITION = Message({1: ("type", text), 2: ("status", text), 3: ("lastProbeTime", time),
                     4: ("lastTransitionTime", time), 5: ("reason", text), 6: ("message", text)},
                    always={"lastProbeTime": None, "lastTransitionTime": None})
STATE = Message({2: ("running", Message({1: ("startedAt", time)}))})
CONTAINER_STATUS = Message({1: ("name", text), 2: ("state", STATE), 3: ("lastState", STATE),
                            4: ("ready", bool), 5: ("restartCount", number), 6: ("image", text),
                            7: ("imageID", text), 8: ("containerID", text), 9: ("started", bool)})
POD_IP = Message({1: ("ip", text)})
STATUS = Message({1: ("phase", text), 2: ("conditions", Each(CONDITION)), 3: ("message", text),
                  4: ("reason", text), 5: ("hostIP", text), 6: ("podIP", text), 7: ("startTime", time),
                  8: ("containerStatuses", Each(CONTAINER_STATUS)), 9: ("qosClass", text),
                  11: ("nominatedNodeName", text), 12: ("podIPs", Each(POD_IP))})
POD = Message({1: ("metadata", METADATA), 2: ("spec", SPEC), 3: ("status", STATUS)})
LIST_METADATA = Message({1: ("selfLink", text), 2: ("resourceVersion", text), 3: ("continue", text)})
POD_LIST = Message({1: ("metadata", LIST_METADATA), 2: ("items", Each(POD))}, always={"items": []})


def from_protobuf(data):
    """The PodList in an `application/vnd.kubernetes.protobuf` body."""
    if not data.startswith(MAGIC):
        raise ValueError("not protobuf of Kubernetes")
    envelope = dict(wire_fields(data[len(MAGIC) :]))
    kind = Message({1: ("apiVersion", text), 2: ("kind", text)})(envelope[1])
    if kind != {"apiVersion": "v1", "kind": "PodList"}:
        raise ValueError(f"recorded is a {kind}")
    return {**kind, **POD_LIST(envelope[2])}
