"""Prints the label `wanted-replicas` of whatever is scaled; nothing when it has none."""
import json
import sys

target = json.load(sys.stdin)["resource"]

sys.stdout.write(target["metadata"].get("labels", {}).get("wanted-replicas", ""))
