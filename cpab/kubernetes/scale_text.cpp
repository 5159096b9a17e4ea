#include "cpab/kubernetes/scale_text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/label_selector.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw KubernetesError(
      200,
      "received an object from a /scale endpoint which was not convertible to autoscaling "
      "Scale: " +
          why);
}

void check_type(std::string_view object) {
  constexpr std::array<std::string_view, 4> versions = {"autoscaling/v1", "extensions/v1beta1",
                                                        "apps/v1beta1", "apps/v1beta2"};
  const std::string version = string_field(object, "apiVersion");
  const std::string kind = string_field(object, "kind");
  if (kind == "Scale" && std::find(versions.begin(), versions.end(), version) != versions.end()) {
    return;
  }
  refuse("it is a " + json_quote(kind) + " of " + json_quote(version));
}

/// Two members of one name leave open which counts, and a replica count is nothing to guess.
void check_unique_keys(std::string_view object, const std::string& where) {
  std::set<std::string> seen;
  for (const auto& [key, value] : json_members(object)) {
    if (!seen.insert(key).second) refuse("duplicate field '" + key + "' in " + where);
  }
}

std::optional<std::int32_t> replicas_field(std::string_view object, const std::string& where) {
  const auto count = integer_field(object, "replicas");
  if (!count) return std::nullopt;
  if (*count < 0 || *count > std::numeric_limits<std::int32_t>::max()) {
    refuse(where + ".replicas " + std::to_string(*count) + " is not in [0, 2147483647]");
  }
  return static_cast<std::int32_t>(*count);
}

std::string map_selector(std::string_view labels) {
  LabelSelector selector;
  for (const auto& [key, value] : json_members(labels)) {
    const auto text = json_string(value);
    if (!text) refuse("status.selector." + key + " is not a string");
    selector.match_labels.emplace_back(key, *text);
  }
  return selector_text(selector);
}

std::string selector_of(std::string_view status) {
  const std::string old_style = string_field(status, "targetSelector");
  if (!old_style.empty()) return normalized_selector(old_style);
  const auto selector = json_member(status, "selector");
  if (!selector || *selector == "null") return {};
  if (selector->front() == '{') return map_selector(*selector);
  return normalized_selector(string_field(status, "selector"));
}

Scale scale_of(std::string_view object) {
  check_type(object);
  check_unique_keys(object, "the object");
  Scale scale;
  if (const auto metadata = object_field(object, "metadata")) {
    scale.name = string_field(*metadata, "name");
    scale.uid = string_field(*metadata, "uid");
  }
  if (const auto spec = object_field(object, "spec")) {
    check_unique_keys(*spec, "spec");
    scale.spec_replicas = replicas_field(*spec, "spec");
  }
  if (const auto status = object_field(object, "status")) {
    scale.status_replicas = replicas_field(*status, "status").value_or(0);
    scale.selector = selector_of(*status);
  }
  return scale;
}

}  // namespace

Scale parse_scale(std::string_view text) {
  const std::string_view object = json_value(text);
  if (object.front() != '{') refuse("it is " + excerpt(object) + ", not an object");
  try {
    return scale_of(object);
  } catch (const SelectorError& error) {
    refuse(error.what());
  } catch (const KubernetesError& error) {
    const std::string_view message = error.what();
    if (message.rfind("received an object", 0) == 0) throw;
    refuse(std::string(message));
  }
}

}  // namespace cpab
