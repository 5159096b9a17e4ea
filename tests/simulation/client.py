"""What the Python client of Kubernetes does with the simulated cluster. Prints one line per fact;
python_client_test.cpp knows what they should be. Usage: client.py KUBECONFIG"""
import sys

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

config.load_kube_config(sys.argv[1])
apps = client.AppsV1Api()
core = client.CoreV1Api()
custom = client.CustomObjectsApi()
extensions = client.ApiextensionsV1Api()
INDEX = ("demo.cpab.dev", "v1", "default", "indices")


def failure(call):
    try:
        call()
    except ApiException as error:
        return f"{error.status} {error.reason}"
    return "no failure"


def lists_and_scales():
    print("deployments", [d.metadata.name for d in apps.list_namespaced_deployment("default").items])
    scale = apps.read_namespaced_deployment_scale("web", "default")
    print("scale", scale.spec.replicas, scale.status.replicas, scale.status.selector)
    scale.spec.replicas = 4
    print("replaced", apps.replace_namespaced_deployment_scale("web", "default", scale).spec.replicas)
    print("stale", failure(lambda: apps.replace_namespaced_deployment_scale("web", "default", scale)))
    body = {"spec": {"replicas": 3}}
    print("patched", apps.patch_namespaced_deployment_scale("web", "default", body).spec.replicas)
    apps.patch_namespaced_deployment("web", "default", {"metadata": {"labels": {"x": "y"}}})
    operations = [{"op": "add", "path": "/metadata/labels/z", "value": "1"}]
    apps.patch_namespaced_deployment("web", "default", operations)
    labels = apps.read_namespaced_deployment("web", "default").metadata.labels
    print("labels", sorted(labels.items()))


def watches():
    version = core.list_namespaced_config_map("default").metadata.resource_version
    for name in ("one", "two"):
        core.create_namespaced_config_map(
            "default", client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name), data={"a": "b"}))
    follower = watch.Watch()
    seen = []
    for event in follower.stream(core.list_namespaced_config_map, "default", timeout_seconds=1,
                                 resource_version=version, allow_watch_bookmarks=True):
        seen.append(event["type"])
    print("watched", seen)
    core.delete_namespaced_config_map("one", "default")
    for event in watch.Watch().stream(core.list_namespaced_config_map, "default",
                                      resource_version=follower.resource_version):
        print("resumed", event["type"], event["object"].metadata.name)
        break
    old = watch.Watch().stream(core.list_namespaced_config_map, "default", resource_version="1",
                               timeout_seconds=5)
    print("too old", failure(lambda: list(old))[:11])


def custom_objects():
    body = {"apiVersion": "demo.cpab.dev/v1", "kind": "Index", "metadata": {"name": "i"},
            "spec": {"replicas": 1}}
    custom.create_namespaced_custom_object(*INDEX, body)
    custom.patch_namespaced_custom_object(*INDEX, "i", {"spec": {"replicas": 2}})
    print("index", custom.get_namespaced_custom_object(*INDEX, "i")["spec"])
    custom.patch_namespaced_custom_object_scale(*INDEX, "i", {"spec": {"replicas": 3}})
    print("index scale", custom.get_namespaced_custom_object_scale(*INDEX, "i")["spec"])
    print("indices", len(custom.list_namespaced_custom_object(*INDEX)["items"]))
    custom.delete_namespaced_custom_object(*INDEX, "i")
    print("gone", failure(lambda: custom.get_namespaced_custom_object(*INDEX, "i")))
    print("definitions", [d.metadata.name for d in extensions.list_custom_resource_definition().items])


def deletes():
    status = apps.delete_namespaced_deployment("web", "default", propagation_policy="Background")
    print("deleted", status.status)
    print("missing", failure(lambda: apps.read_namespaced_deployment("web", "default")))


lists_and_scales()
watches()
custom_objects()
deletes()
