#include "cpab/simulation/workload.h"

namespace cpab {
namespace {

Json container(const WorkloadOptions& options) {
  Json result;
  result.set("/name", "main").set("/image", options.image);
  result.set("/resources/requests/cpu", options.cpu_request);
  result.set("/resources/requests/memory", options.memory_request);
  return result.set("/imagePullPolicy", "IfNotPresent");
}

}  // namespace

Json workload_document(const WorkloadOptions& options) {
  auto labels = options.labels;
  labels["app"] = options.name;
  const std::map<std::string, std::string> app{{"app", options.name}};
  const bool plain_selector = options.kind == "ReplicationController";
  Json document;
  document.set("/metadata/name", options.name);
  document.set("/metadata/namespace", options.namespace_name);
  document.set("/metadata/labels", labels);
  if (!options.annotations.empty()) document.set("/metadata/annotations", options.annotations);
  document.set("/spec/replicas", options.replicas);
  if (options.publishes_selector || options.kind != "Index") {
    document.set(plain_selector ? "/spec/selector" : "/spec/selector/matchLabels", app);
  }
  if (options.kind == "StatefulSet") document.set("/spec/serviceName", options.name);
  document.set("/spec/template/metadata/labels", app);
  document.set("/spec/template/spec/containers", Json::parse("[]"));
  return document.set("/spec/template/spec/containers/-", container(options));
}

}  // namespace cpab
