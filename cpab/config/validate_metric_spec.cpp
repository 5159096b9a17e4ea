#include <algorithm>

#include "cpab/config/checker.h"
#include "cpab/config/display.h"

namespace cpab {
namespace {

bool is_one_of(const std::string& text, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

/// The kinds of targets that a type of source allows, and the reference's words for any other.
struct TargetRule {
  std::vector<std::string> allowed;
  const char* cause;
};

const TargetRule resource_rule = {
    {"Utilization", "AverageValue"},
    "invalid resource metric source: must be either average value or average utilization"};
const TargetRule container_resource_rule = {
    {"Utilization", "AverageValue"},
    "invalid container resource metric source: must be either average value or average "
    "utilization"};
const TargetRule pods_rule = {{"AverageValue"},
                              "invalid pods metric source: must be average value"};
const TargetRule object_rule = {
    {"Value", "AverageValue"},
    "invalid object metric source: must be either value or average value"};
const TargetRule external_rule = {
    {"Value", "AverageValue"},
    "invalid external metric source: must be either value or average value"};

void check_target(const MetricTarget& target, const TargetRule& rule, const std::string& path,
                  Checker& checker) {
  std::string allowed;
  for (const std::string& type : rule.allowed) allowed += (allowed.empty() ? "" : " or ") + type;
  checker.require(is_one_of(target.type, rule.allowed), path + ".target.type",
                  std::string(rule.cause) + ": the type is " + quoted_value(target.type),
                  "write " + allowed);
}

void check_requirement(const LabelRequirement& requirement, const std::string& path,
                       Checker& checker) {
  checker.require_text(requirement.key, path + ".key", "name a label");
  const bool takes_values = is_one_of(requirement.op, {"In", "NotIn"});
  const bool takes_none = is_one_of(requirement.op, {"Exists", "DoesNotExist"});
  checker.require(takes_values || takes_none, path + ".operator",
                  quoted_value(requirement.op) + " is not a valid label selector operator",
                  "write In, NotIn, Exists or DoesNotExist");
  checker.require(!takes_values || !requirement.values.empty(), path + ".values",
                  "for 'in', 'notin' operators, values set can't be empty", "list the values");
  checker.require(!takes_none || requirement.values.empty(), path + ".values",
                  "values set must be empty for exists and does not exist", "remove the values");
}

void check_identifier(const MetricIdentifier& metric, const std::string& path, Checker& checker) {
  checker.require_text(metric.name, path + ".name", "name the metric");
  if (!metric.selector) return;
  std::size_t index = 0;
  for (const LabelRequirement& requirement : metric.selector->match_expressions) {
    check_requirement(
        requirement, path + ".selector.matchExpressions[" + std::to_string(index++) + "]", checker);
  }
}

void check(const ResourceMetricSource& source, const std::string& path, Checker& checker) {
  checker.require_text(source.name, path + ".name", "name a resource: cpu or memory");
  check_target(source.target, resource_rule, path, checker);
}

void check(const ContainerResourceMetricSource& source, const std::string& path, Checker& checker) {
  checker.require_text(source.name, path + ".name", "name a resource: cpu or memory");
  checker.require_text(source.container, path + ".container", "name a container of the pods");
  check_target(source.target, container_resource_rule, path, checker);
}

void check(const PodsMetricSource& source, const std::string& path, Checker& checker) {
  check_identifier(source.metric, path + ".metric", checker);
  check_target(source.target, pods_rule, path, checker);
}

void check(const ObjectMetricSource& source, const std::string& path, Checker& checker) {
  check_identifier(source.metric, path + ".metric", checker);
  check_target(source.target, object_rule, path, checker);
  checker.require_text(source.described_object.kind, path + ".describedObject.kind",
                       "name the kind of the object that the metric describes");
  checker.require_text(source.described_object.name, path + ".describedObject.name",
                       "name the object that the metric describes");
}

void check(const ExternalMetricSource& source, const std::string& path, Checker& checker) {
  check_identifier(source.metric, path + ".metric", checker);
  check_target(source.target, external_rule, path, checker);
}

template <typename Source>
void check_source(const std::optional<Source>& source, const std::string& spec_path,
                  const std::string& key, Checker& checker) {
  const std::string path = spec_path + "." + key;
  checker.require(source.has_value(), path, path + " is missing",
                  "a spec needs the object of its type, here `" + key + "`");
  if (source) check(*source, path, checker);
}

}  // namespace

void validate_metric_spec(const MetricSpec& spec, const std::string& path, Checker& checker) {
  if (spec.type == "Resource") {
    check_source(spec.resource, path, "resource", checker);
  } else if (spec.type == "ContainerResource") {
    check_source(spec.container_resource, path, "containerResource", checker);
  } else if (spec.type == "Pods") {
    check_source(spec.pods, path, "pods", checker);
  } else if (spec.type == "Object") {
    check_source(spec.object, path, "object", checker);
  } else if (spec.type == "External") {
    check_source(spec.external, path, "external", checker);
  } else {
    checker.require(false, path + ".type", "unknown metric source type " + quoted_value(spec.type),
                    "write Resource, ContainerResource, Pods, Object or External");
  }
}

}  // namespace cpab
