#!/bin/sh
# Nothing but blanks.
echo '  '
