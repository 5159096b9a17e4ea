#!/bin/sh
# A number and no object.
echo '9'
