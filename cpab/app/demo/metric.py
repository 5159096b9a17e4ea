"""How much work is there? Prints the requests a second that reach the target.

cpab hands over what is scaled as JSON on standard input; whatever is printed is the metric.
"""
import json
import os
import sys
import urllib.request

target = json.load(sys.stdin)["resource"]["metadata"]

url = f"{os.environ['CPAB_SIMULATED_CLUSTER']}/simulation/namespaces/{target['namespace']}" \
      f"/deployments/{target['name']}/load"
with urllib.request.urlopen(url, timeout=2) as answer:
    print(json.load(answer)["load"])
