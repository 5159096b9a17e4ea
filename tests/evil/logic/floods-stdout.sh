#!/bin/sh
# A hundred megabytes on standard output.
exec head -c 100000000 /dev/zero
