#!/usr/bin/env python3
import argparse, os, runpy, sys, shlex, tempfile
import sandbox
HERE = os.path.dirname(os.path.abspath(__file__))
if not sandbox.inside():
    sandbox.enter()
sandbox.set_up()
import recorded_api
t, cpab, out, only = sys.argv[1:5]
sys.modules["proxy"] = recorded_api
sys.argv = ["drive.py", "--cmd", shlex.quote(cpab), "--out", out, "--replay", t] + (["--only", only] if only else [])
recorded_api.make_certificate()
sandbox.write_account(recorded_api.CERTS + "/proxy.crt")
runpy.run_path(t + "/tools/drive.py", run_name="__main__")
