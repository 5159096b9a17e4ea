#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/object_text.h"
#include "cpab/kubernetes/pod_facts.h"
#include "cpab/kubernetes/scale_text.h"
#include "cpab/model/json_text.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

/// Runs `read`, which may refuse the text.
template <typename Read>
void reading(Read read) {
  try {
    read();
  } catch (const KubernetesError& error) {
    require(*error.what() != '\0', "an error says something");
  } catch (const JsonError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

void check_scale(std::string_view input) {
  const Scale scale = parse_scale(input);
  require(scale.replicas() >= 0, "no negative count is accepted");
  require(json_value(input).front() == '{', "a scale is a JSON object and nothing else");
}

void check_object(std::string_view input) {
  const Resource resource = resource_of(json_value(input), "apps/v1", "Deployment");
  require(!resource.name.empty(), "an object has a name");
  require(json_value(resource.json) == resource.json, "an object is JSON");
  require(resource.json.find_first_of("\n\r") == std::string::npos, "an object is one line");
  require(json_member(resource.json, "kind").has_value(), "an object has a kind");
}

}  // namespace

void fuzz_kubernetes_objects(std::string_view input) {
  reading([&] { check_scale(input); });
  reading([&] { check_object(input); });
  reading([&] { parse_pod(input); });
}

}  // namespace cpab
