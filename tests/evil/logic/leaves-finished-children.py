#!/usr/bin/env python3
# Starts fifty processes, waits for none of them, and answers: the daemon inherits them.
import os

for _ in range(50):
    if os.fork() == 0:
        os._exit(0)
print('{"targetReplicas": 9}', flush=True)
