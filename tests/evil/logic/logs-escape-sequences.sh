#!/bin/sh
# Standard error that clears the screen, changes the title of the terminal, and forges a log line.
printf '\033[2J\033]0;owned\007\r2026-01-01T00:00:00.000Z INFO  scaled 4 -> 9\n\302\2332J' >&2
echo '{"targetReplicas": 9}'
exit 1
