"""Turns the label into a replica count, or asks to keep what is there."""
import json
import sys


def evaluation(label):
    if not label:
        return {"hold": True, "reason": "no label wanted-replicas"}
    if not label.isdecimal():
        # Standard error and the exit status end up in the log and in the decision record.
        sys.exit(f"the label wanted-replicas is {label!r}, not a whole number")
    return {"targetReplicas": int(label), "reason": "label wanted-replicas"}


# Per resource there is exactly one metric. It has no `value` when the metric script printed nothing.
metric = json.load(sys.stdin)["metrics"][0]
json.dump(evaluation(metric.get("value", "")), sys.stdout)
