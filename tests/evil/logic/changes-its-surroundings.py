#!/usr/bin/env python3
# Changes what it can of its working directory, file mask, signals and limits, and answers: no fault,
# as the next program must not notice.
import os
import resource
import signal

os.chdir("/")
os.umask(0o777)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
os.environ.clear()
print('{"targetReplicas": 9}', flush=True)
