#include "cpab/methods/hpa_words.h"

#include <optional>
#include <variant>

#include "cpab/model/quantity.h"

namespace cpab {
namespace {

/// A metric as people know it. Empty members when the source of the spec's type is missing.
struct Words {
  std::string name;
  std::string description;
  MetricTarget target;
  bool per_pod = true;  ///< it has a value per pod
};

Words resource_words(const std::string& name, const std::string& kind, const MetricTarget& target) {
  const std::string measure = target.average_value ? "" : " utilization (percentage of request)";
  return {name, name + " " + kind + measure, target};
}

Words words_of(const MetricSpec& spec) {
  if (spec.type == "Resource" && spec.resource) {
    return resource_words(spec.resource->name, "resource", spec.resource->target);
  }
  if (spec.type == "ContainerResource" && spec.container_resource) {
    return resource_words(spec.container_resource->name, "container resource",
                          spec.container_resource->target);
  }
  if (spec.type == "Pods" && spec.pods) {
    const std::string& name = spec.pods->metric.name;
    return {name, "pods metric " + name, spec.pods->target};
  }
  if (spec.type == "Object" && spec.object) {
    const std::string& name = spec.object->metric.name;
    return {name, spec.object->described_object.kind + " metric " + name, spec.object->target,
            false};
  }
  if (spec.type == "External" && spec.external) {
    const std::string& name = spec.external->metric.name;
    return {name, "external metric " + name, spec.external->target, false};
  }
  return {};
}

std::string target_text(const Words& words) {
  const MetricTarget& target = words.target;
  if (target.average_value) return *target.average_value + (words.per_pod ? "" : " (avg)");
  if (target.average_utilization) return std::to_string(*target.average_utilization) + "%";
  return target.value.value_or("");
}

std::string current_text(const std::string& name, const MetricValueStatus& current) {
  if (current.average_utilization) return std::to_string(*current.average_utilization) + "%";
  if (current.average_value) return status_quantity(name, *current.average_value);
  if (current.value) return status_quantity(name, *current.value);
  return {};
}

}  // namespace

std::string reason_for(const MetricSpec& winner, const Proposal& proposal, std::int32_t current) {
  if (proposal.replicas < current) return "All metrics below target";
  const std::string metric = words_of(winner).description;
  if (proposal.replicas > current) return metric + " above target";
  switch (proposal.standing) {
    case Standing::below:
      return metric + " below target, but not by enough to ask for fewer";
    case Standing::above:
      return metric +
             " above target, but too few pods are there, ready and measured to ask for more";
    case Standing::on_target:
      break;
  }
  return metric + " on target";
}

std::string surplus_pods(std::int64_t matching, ReplicaCounts replicas) {
  if (matching <= replicas.most()) return {};
  return "; the selector of the target matches " + std::to_string(matching) +
         " pods, more than the " + std::to_string(replicas.most()) + " replicas";
}

MetricProposal proposal_of(const MetricSpec& spec, const MetricOutcome& outcome) {
  const Words words = words_of(spec);
  MetricProposal proposal;
  proposal.type = spec.type;
  proposal.metric = words.name;
  proposal.target = target_text(words);
  if (const auto* failure = std::get_if<MetricFailure>(&outcome)) {
    proposal.error = failure->message;
    return proposal;
  }
  const auto& proposed = std::get<Proposal>(outcome);
  proposal.replicas = proposed.replicas;
  proposal.current = current_text(words.name, proposed.current);
  if (proposed.timestamp != Instant()) proposal.measured_at = to_string(proposed.timestamp);
  return proposal;
}

}  // namespace cpab
