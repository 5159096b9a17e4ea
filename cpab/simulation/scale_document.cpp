#include "cpab/simulation/scale_document.h"

#include "cpab/simulation/accessor.h"
#include "cpab/simulation/admission.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/selectors.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

std::string selector_of(const StoredObject& workload) {
  const auto& document = workload.document();
  const auto& path = workload.type().scale.selector;
  if (!path.empty()) return document.string_at(path);
  if (workload.type().custom) return {};
  return selector_as_text(document.at("/spec/selector"));
}

/// The fields that a definition names are read as they are; its schema need not say what they hold.
void check_paths(const Json& document, const ScalePaths& paths) {
  check_accessor(document, paths.spec_replicas, "int64");
  check_accessor(document, paths.status_replicas, "int64");
  if (!paths.selector.empty()) check_accessor(document, paths.selector, "string");
}

}  // namespace

Json scale_of(const StoredObject& workload) {
  const auto& document = workload.document();
  if (workload.type().custom) check_paths(document, workload.type().scale);
  Json scale;
  scale.set("/metadata/name", workload.name());
  scale.set("/metadata/namespace", workload.namespace_name());
  scale.set("/metadata/uid", workload.uid());
  scale.set("/metadata/resourceVersion", std::to_string(workload.version()));
  scale.set("/metadata/creationTimestamp", document.string_at("/metadata/creationTimestamp"));
  scale.set("/spec", Json());
  if (const auto wanted = wanted_replicas(workload); wanted != 0) {
    scale.set("/spec/replicas", wanted);
  }
  scale.set("/status/replicas",
            document.integer_at(workload.type().scale.status_replicas).value_or(0));
  const auto selector = selector_of(workload);
  if (!selector.empty()) scale.set("/status/selector", selector);
  return scale;
}

Json with_scale(const StoredObject& workload, const Json& scale) {
  const bool absent = scale.at("/spec/replicas") == Json::parse("null");
  const auto replicas = absent ? 0 : scale.integer_at("/spec/replicas");
  if (!replicas) throw bad_request("spec.replicas of a Scale must be an integer");
  check_replicas("Scale.autoscaling", workload.name(), *replicas);
  auto document = workload.document();
  if (*replicas == wanted_replicas(workload)) return document;
  const auto generation = document.integer_at("/metadata/generation").value_or(0);
  document.set(workload.type().scale.spec_replicas, *replicas);
  return document.set("/metadata/generation", generation + 1);
}

}  // namespace cpab
