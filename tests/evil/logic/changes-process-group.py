#!/usr/bin/env python3
# Hides in the process group of the daemon and does not end.
import os
import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.setpgid(0, os.getpgid(os.getppid()))
print('{"targetReplicas": 9}', flush=True)
time.sleep(300)
