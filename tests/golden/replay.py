#!/usr/bin/env python3
"""Replays recorded scenarios of the Go Custom Pod Autoscaler 2.12 against cpab and compares what was
seen: stage inputs, their order, REST answers, patches, requests to HTTP methods, exits.

    replay.py --cpab build/release/cpab/app/cpab api-run per-pod-timer
    replay.py --list

Exit code 77: nothing could be replayed here, for the reason that was printed."""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import comparison
import facets
import sandbox

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
TRANSCRIPTS = os.path.join(os.path.dirname(SOURCE), "shared", "transcripts")
RECORDED_AT = "/transcripts"  # where the recording was made, as its texts say
SKIPPED = 77
ATTEMPTS = 3  # of a scenario with a timer, which a slow machine may tick once more
LONGEST = 150  # seconds for one scenario
NO_TICKS = 3600000  # milliseconds; the interval of scenarios that do not want the timer


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(SKIPPED)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="*", help="(default: all)")
    parser.add_argument("--cpab", default="build/release/cpab/app/cpab", help="the program")
    parser.add_argument("--transcripts", default=TRANSCRIPTS, help="default: %(default)s")
    parser.add_argument("--keep", metavar="DIR", help="where the files of the replay stay")
    parser.add_argument("--list", action="store_true", help="print the scenarios")
    parser.add_argument("--known", metavar="NAMES",
                        help="only check that the scenarios are these, separated by commas, and that "
                             "every listed difference concerns something that was recorded")
    return parser.parse_args()


def recorded_scenarios(transcripts):
    return sorted(name for name in os.listdir(transcripts)
                  if os.path.exists(os.path.join(transcripts, name, "SCENARIO.txt")))


def intervals(folder):
    """Of the daemons that were started; configurations that are broken on purpose do not count."""
    for directory, _, names in os.walk(folder):
        for name in names:
            if not (name.startswith("config") and name.endswith(".yaml")):
                continue
            try:
                with open(os.path.join(directory, name), encoding="utf-8") as file:
                    yield int(json.load(file)["interval"])
            except (ValueError, TypeError, KeyError):
                pass


class Replay:
    def __init__(self, cpab, transcripts, out):
        self.cpab = os.path.abspath(cpab)
        self.transcripts = os.path.abspath(transcripts)
        self.out = os.path.abspath(out)

    def recorded(self, scenario):
        return facets.of_folder(os.path.join(self.transcripts, scenario), {
            f"{RECORDED_AT}/{scenario}": "@",
            f"{RECORDED_AT}/tools/proxy": "@certificates/proxy",
            f"{RECORDED_AT}/tools": "@tools"})

    def ours(self, scenario):
        return facets.of_folder(os.path.join(self.out, scenario), {
            f"{self.out}/{scenario}": "@",
            f"{self.out}/certificates": "@certificates",
            f"{self.transcripts}/tools": "@tools",
            r"CPAB_CALL=[\w.-]+": "CPAB_CALL=MARK",
            # The recorded script hides numbers of four digits and more; ours may have fewer.
            r"/proc/\d+/fd": "/proc/N/fd",
            r"pipe:\[\d+\]": "pipe:[N]"})

    def drive(self, scenario):
        """What went wrong with the driver itself, if anything."""
        driver = [sys.executable, os.path.join(HERE, "drive_scenario.py"), self.cpab,
                  self.transcripts, scenario, self.out]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(sandbox.prefix() + driver, timeout=LONGEST, env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  check=False)
        except subprocess.TimeoutExpired:
            return {"(the driver)": [f"did not end within {LONGEST} s"]}
        return {"(the driver)": [done.stdout]} if done.returncode else {}

    def run(self, scenario):
        """(number of values compared, complaints by file)."""
        recorded = self.recorded(scenario)
        ticking = any(time < NO_TICKS
                      for time in intervals(os.path.join(self.transcripts, scenario)))
        for attempt in range(ATTEMPTS if ticking else 1):
            if attempt:
                print(f"{scenario}: again, since a timer was involved; before it was {found}")
            found = self.drive(scenario) or comparison.compare(scenario, recorded,
                                                              self.ours(scenario), ticking)
            if not found:
                break
        return len(recorded), found


def check_lists(replay, names, known):
    """Exit code of --known."""
    wrong = [f"not replayed by any test: {name}" for name in names if name not in known]
    wrong += [f"not recorded: {name}" for name in known if name not in names]
    wrong += comparison.idle_patterns({name: replay.recorded(name) for name in names})
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def replay_all(replay, names):
    compared = 0
    bad = {}
    for name in names:
        count, found = replay.run(name)
        compared += count
        print(f"{name}: {count} compared, {len(found)} different", flush=True)
        for file, lines in found.items():
            bad[f"{name}/{file}"] = lines
    for file, lines in bad.items():
        print(f"\n{file}")
        for line in lines:
            print(f"  {line}")
    print(f"\n{len(names)} scenarios, {compared} values compared, {len(bad)} different")
    return 1 if bad else 0


def main():
    options = arguments()
    if not os.path.isdir(options.transcripts):
        skip(f"there are no recorded scenarios at {options.transcripts}")
    names = recorded_scenarios(options.transcripts)
    if options.list:
        print("\n".join(names))
        return 0
    with tempfile.TemporaryDirectory(prefix="cpab-golden-") as temporary:
        replay = Replay(options.cpab, options.transcripts, options.keep or temporary)
        if options.known is not None:
            return check_lists(replay, names, options.known.split(","))
        if not sandbox.possible():
            skip("unshare(1) cannot make a network and a mount namespace here")
        return replay_all(replay, options.scenario or names)


sys.exit(main())
