#!/bin/sh
# A good answer, and an exit status that says it is none.
echo '{"targetReplicas": 9}'
echo 'the database is away' >&2
exit 3
