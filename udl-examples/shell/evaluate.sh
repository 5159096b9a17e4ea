# How many replicas does that take? One for every JOBS_PER_POD jobs.
#
# Standard input is one line:
# {"metrics":[{"resource":"web","value":"12\n"}],"resource":{...},"runType":"scaler"}
set -eu

jobs=$(sed -n 's/.*"metrics":\[{"resource":"[^"]*","value":"\([0-9][0-9]*\)\\n"}\].*/\1/p')
[ -n "$jobs" ] || { echo "the metric is not a number" >&2; exit 1; }

per_pod=${JOBS_PER_POD:-5}
echo "{\"targetReplicas\": $(((jobs + per_pod - 1) / per_pod)), \"reason\": \"$jobs jobs wait\"}"
