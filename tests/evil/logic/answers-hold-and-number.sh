#!/bin/sh
# Asks for a number and for none.
echo '{"targetReplicas": 9, "hold": true}'
