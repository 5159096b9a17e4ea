#!/usr/bin/env python3
"""drive_scenario.py CPAB TRANSCRIPTS SCENARIO OUT, inside a sandbox: runs a scenario the way it was
recorded, by the recording's own driver, with our API server in place of its proxy."""

import os
import runpy
import shlex
import sys

import recorded_api
import sandbox


def main():
    cpab, transcripts, scenario, out = sys.argv[1:]
    sandbox.set_up(recorded_api.make_certificate(os.path.join(out, "certificates")))
    sys.modules["proxy"] = recorded_api
    sys.argv = ["drive.py", "--cmd", shlex.quote(cpab), "--out", out,
                "--replay", transcripts, "--only", scenario]
    runpy.run_path(os.path.join(transcripts, "tools", "drive.py"), run_name="__main__")


main()
