#!/bin/sh
# Bytes that are no UTF-8, where they matter.
printf '{"targetReplicas\377": 9}\n'
