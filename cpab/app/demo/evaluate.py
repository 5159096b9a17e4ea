"""How many replicas does that take? Prints the count, and why."""
import json
import math
import sys

REQUESTS_PER_POD = 50

metrics = json.load(sys.stdin)["metrics"]
requests = float(metrics[0]["value"])

print(json.dumps({
    "targetReplicas": math.ceil(requests / REQUESTS_PER_POD),
    "reason": f"{requests:.0f} requests/s, {REQUESTS_PER_POD} a pod",
}))
