"""A replayed scenario against the recorded one."""

import difference
import facets
from differences import DIFFERENCES


def expected(scenario, name, recorded):
    """The recorded value after the deliberate differences."""
    value = recorded
    for listed in DIFFERENCES:
        for _, change in listed.matching(f"{scenario}/{name}"):
            if value != difference.ABSENT:
                value = change(value)
    return value


def shortened(value):
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:200]} ... {text[-200:]}"


def unequal(wanted, ours, pointer=""):
    """(pointer, wanted, ours) of the places that differ. Python takes 1 for True; JSON does not."""
    if isinstance(wanted, dict) and isinstance(ours, dict):
        for name in sorted(wanted.keys() | ours.keys()):
            yield from unequal(wanted.get(name, "(nothing)"), ours.get(name, "(nothing)"),
                               f"{pointer}/{name}")
    elif isinstance(wanted, list) and isinstance(ours, list) and len(wanted) == len(ours):
        for index, pair in enumerate(zip(wanted, ours)):
            yield from unequal(*pair, f"{pointer}/{index}")
    elif wanted != ours or type(wanted) is not type(ours):
        yield pointer or "/", wanted, ours


def with_context(pointer, wanted, ours):
    """A message may go on after the reference's words: our context comes behind them."""
    return (pointer.endswith("/body/message") and isinstance(wanted, str) and isinstance(ours, str)
            and ours.startswith(wanted))


def complaints(wanted, ours, goes_on):
    """`goes_on`: the timer may have run once more than when it was recorded."""
    if difference.ABSENT in (wanted, ours):
        whole = f"wanted {shortened(wanted)}\n    got    {shortened(ours)}"
        return [] if wanted == ours else [whole]
    if isinstance(wanted, difference.Beginning) or (goes_on and isinstance(wanted, list)):
        ours = ours[: len(wanted)]
    return [f"{pointer}\n    wanted {shortened(a)}\n    got    {shortened(b)}"
            for pointer, a, b in unequal(wanted, ours) if not with_context(pointer, a, b)]


def compare(scenario, recorded, ours, ticking):
    """Complaints by file name. Both: file name -> value (see facets.of_folder)."""
    found = {}
    for name, value in sorted(recorded.items()):
        wanted = expected(scenario, name, value)
        got = ours.get(name, difference.ABSENT)
        goes_on = ticking and name == "order.txt"
        if lines := complaints(wanted, got, goes_on):
            found[name] = lines
    for name in sorted(ours.keys() - recorded.keys()):
        if not (ticking and facets.STAGE.match(name.rsplit("/", 1)[-1])):
            found[name] = ["was written, and was not recorded"]
    return found


def idle_patterns(recorded):
    """Patterns of the list that change nothing in what was recorded: it would say too much.
    `recorded`: scenario -> file name -> value."""
    names = {f"{scenario}/{name}": value
             for scenario, values in recorded.items() for name, value in values.items()}
    idle = {(listed.why, pattern) for listed in DIFFERENCES
            for key in listed.changes for pattern in difference.braces(key)}
    for listed in DIFFERENCES:
        for name, value in names.items():
            for pattern, change in listed.matching(name):
                # What is only the beginning equals what was recorded, and is a change all the same.
                if change(value) != value or isinstance(change(value), difference.Beginning):
                    idle.discard((listed.why, pattern))
    return [f"changes nothing: {pattern} ({why})" for why, pattern in sorted(idle)]
