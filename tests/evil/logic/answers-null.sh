#!/bin/sh
# Null.
echo '{"targetReplicas": null}'
