#!/bin/sh
# Wants 2 and 9 in turn. Remembers in the file named by its argument.
file=${1:?where to remember}
if rm "$file" 2>/dev/null; then
  echo '{"targetReplicas": 2}'
else
  : > "$file"
  echo '{"targetReplicas": 9}'
fi
