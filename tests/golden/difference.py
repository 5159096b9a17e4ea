"""How the list of deliberate differences is written: what was recorded becomes what we do instead.
Nothing is ignored, so a difference that is no longer there fails as any other."""

import copy
import dataclasses
import fnmatch
import re
import typing

ABSENT = {"absent": True}  # the file is not written at all

Change = typing.Callable[[typing.Any], typing.Any]


@dataclasses.dataclass(frozen=True)
class Difference:
    """`see`: where the contract speaks of it. `changes`: file -> what the recorded value becomes.
    Files are `scenario/path`, with `*` and `{a,b}`."""

    see: str
    why: str
    changes: dict[str, Change]

    def matching(self, name):
        """(pattern, change) of each pattern that matches the file."""
        for pattern, change in self.changes.items():
            for expanded in braces(pattern):
                if fnmatch.fnmatchcase(name, expanded):
                    yield expanded, change


def braces(pattern):
    """`a{b,c}` -> `ab`, `ac`."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    head, tail = pattern[: found.start()], pattern[found.end() :]
    return [whole for part in found.group(1).split(",") for whole in braces(head + part + tail)]


class Beginning(list):
    """Lines of which only the beginning is certain."""


def becomes(value):
    return lambda recorded: copy.deepcopy(value)


def absent(recorded):
    return ABSENT


def put(pointer, value):
    """Sets a member, named as in `/body/metrics`. `value` may be a function of the whole."""
    *path, last = pointer.strip("/").split("/")

    def change(recorded):
        result = copy.deepcopy(recorded)
        place = result
        for name in path:
            place = place[int(name)] if isinstance(place, list) else place[name]
        place[last] = value(recorded) if callable(value) else value
        return result

    return change


def both(first, second):
    return lambda recorded: second(first(recorded))


def begins_with(count):
    """The recorded lines go on differently after `count` of them."""
    return lambda recorded: Beginning(recorded[:count])


def answer(status, body, kind="application/json"):
    return becomes([{"status": status, "type": kind, "body": body}])


def failure(message, status=500):
    return answer(status, {"message": message, "code": status})


def reworded(words):
    """`words`: a function from the recorded message to how ours begins."""
    return put("/0/body/message", lambda recorded: words(recorded[0]["body"]["message"]))


def through(mark, text=""):
    """The recorded words through `mark`, then ours."""
    return reworded(lambda message: message[: message.rindex(mark) + len(mark)] + text)


REFUSED = becomes(["exited by itself, code 2"])
NOBODY_LISTENS = becomes([{"no answer": "!! client saw ConnectionRefusedError"}])


def refused_at_start(exit_file, answer_file, cases, *unseen):
    """The reference found out when it was used; we say so and exit. `{}` stands for a case;
    `unseen`: what is then not written."""
    names = "{" + ",".join(cases) + "}"
    files = {exit_file: REFUSED, answer_file: NOBODY_LISTENS, **dict.fromkeys(unseen, absent)}
    return {pattern.replace("{}", names): change for pattern, change in files.items()}
