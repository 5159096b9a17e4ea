#!/bin/sh
# No output at all, and success.
exit 0
