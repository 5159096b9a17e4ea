#include "cpab/kubernetes/rest_cluster.h"

#include <utility>

#include "cpab/kubernetes/api_path.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/kept_bytes.h"
#include "cpab/kubernetes/object_text.h"
#include "cpab/kubernetes/pod_facts.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/scale_text.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// Pods of one page: few enough that a page of large ones stays a matter of megabytes.
constexpr const char* page_limit = "&limit=500";

std::string path_of(const ApiResource& resource, const ScaleTarget& target) {
  return object_path(resource, target.namespace_name, target.name);
}

/// Tests that the object and its count are still those the decision was about. An API server leaves
/// out a count of 0, and a JSON patch compares what is absent with null.
std::string patch_text(const Scale& observed, std::int32_t replicas) {
  std::string same_object;
  if (!observed.uid.empty()) {
    same_object =
        R"({"op":"test","path":"/metadata/uid","value":)" + json_quote(observed.uid) + "},";
  }
  const std::string current =
      observed.spec_replicas ? std::to_string(*observed.spec_replicas) : "null";
  return "[" + same_object + R"({"op":"test","path":"/spec/replicas","value":)" + current +
         R"(},{"op":"replace","path":"/spec/replicas","value":)" + std::to_string(replicas) + "}]";
}

/// How one item of a list is kept.
void read_item(JsonCursor& cursor, Resource& pod) { pod = resource_of(cursor, "v1", "Pod"); }

void read_item(JsonCursor& cursor, PodFacts& pod) {
  pod = parse_pod(cursor);
  if (pod.name.empty()) throw KubernetesError(200, "the Pod has no metadata.name");
}

template <typename Pod>
void read_items(JsonCursor& cursor, std::vector<Pod>& pods) {
  if (cursor.peek() != '[') {
    throw KubernetesError(200, "the list of pods has no array of items");
  }
  cursor.elements([&] { read_item(cursor, pods.emplace_back()); });
}

/// Adds the pods of one page; returns the continue token, which is empty on the last one.
template <typename Pod>
std::string read_page(std::string_view body, std::vector<Pod>& pods) {
  require_object(body, "the list of pods");
  std::string next;
  JsonCursor cursor(body);
  cursor.members([&](std::string_view key) {
    if (key == "items" && cursor.peek() != 'n') {  // null: no items
      read_items(cursor, pods);
      return true;
    }
    const std::string_view value = cursor.value();
    if (key == "metadata" && value.front() == '{') next = string_field(value, "continue");
    return true;
  });
  return next;
}

/// The kind is served, or discovery would have failed; so it is the subresource that is missing.
KubernetesError no_scale(const ScaleTarget& target, const RequestError& error) {
  return {error.status, std::string(error.what()) + ": kind " + target.kind + " of " +
                            target.api_version +
                            " has no scale subresource; in a CustomResourceDefinition it is "
                            "declared under versions[].subresources.scale"};
}

ReplicasChangedError replicas_changed(const ScaleTarget& target, const Scale& observed,
                                      std::int32_t seen) {
  return {seen, describe(target) + " has " + std::to_string(seen) + " replicas now, not the " +
                    std::to_string(observed.replicas()) +
                    " the decision was based on; nothing was written"};
}

bool is_another_object(const Scale& observed, const Scale& seen) {
  return !observed.uid.empty() && !seen.uid.empty() && observed.uid != seen.uid;
}

/// What `object` calls itself, as far as it says so, in the words of describe(ScaleTarget).
std::string described(std::string_view object, const ScaleTarget& asked_for) {
  ScaleTarget found = asked_for;
  const auto take = [](std::string& member, std::string text) {
    if (!text.empty()) member = std::move(text);
  };
  if (const auto metadata = object_field(object, "metadata")) {
    take(found.name, string_field(*metadata, "name"));
    take(found.namespace_name, string_field(*metadata, "namespace"));
  }
  return describe(found);
}

/// Throws when the answer is about another object than `target`; `what` of it was asked for.
void require_same_object(std::string_view answer, const ScaleTarget& target,
                         const std::string& what) {
  const std::string answered = described(answer, target);
  if (answered == describe(target)) return;
  throw KubernetesError(200, "asked for " + what + describe(target) +
                                 ", the API server answered with " + what + answered);
}

/// Throws when the answer is of another type than `target`, whose kind is exactly `kind`.
void require_same_type(std::string_view answer, const ScaleTarget& target,
                       const std::string& kind) {
  const auto said = [&](const char* key, const std::string& otherwise) {
    const std::string text = string_field(answer, key);
    return text.empty() ? otherwise : text;
  };
  const std::string asked = kind + " of " + target.api_version;
  const std::string answered = said("kind", kind) + " of " + said("apiVersion", target.api_version);
  if (answered == asked) return;
  throw KubernetesError(200, "asked for " + describe(target) + ", a " + asked +
                                 ", the API server answered with a " + answered);
}

Scale scale_of(std::string_view body, const ScaleTarget& target) {
  Scale scale = parse_scale(body);
  require_same_object(json_value(body), target, "the scale of ");
  return scale;
}

KubernetesError another_object(const ScaleTarget& target) {
  return {409,
          describe(target) + " was deleted and made again since it was read; nothing was written"};
}

}  // namespace

RestCluster::RestCluster(RestClient& rest, Discovery& discovery)
    : rest_(rest), discovery_(discovery) {}

/// Calls `call` with the resource of the target. When nothing is served under its path, the kind
/// may have been removed and come back under another name: it is looked up once more.
template <typename Call>
auto RestCluster::with_resource(const ScaleTarget& target, const Budget& budget, Call call) {
  const ApiResource resource = discovery_.resource(target.api_version, target.kind, budget);
  try {
    return call(resource);
  } catch (const RequestError& error) {
    if (!error.unknown_path()) throw;
    discovery_.forget(resource.version);
    const ApiResource again = discovery_.resource(target.api_version, target.kind, budget);
    if (again == resource) throw;
    return call(again);
  }
}

Resource RestCluster::target(const ScaleTarget& target, const Budget& budget) {
  return with_resource(target, budget, [&](const ApiResource& resource) {
    return rest_.send({.path = path_of(resource, target)}, budget, [&](std::string_view body) {
      Resource object = resource_of(json_value(body), target.api_version, resource.kind);
      require_same_type(object.json, target, resource.kind);
      require_same_object(object.json, target, "");
      return object;
    });
  });
}

Scale RestCluster::scale(const ScaleTarget& target, const Budget& budget) {
  try {
    return with_resource(target, budget, [&](const ApiResource& resource) {
      return rest_.send({.path = path_of(resource, target) + "/scale"}, budget,
                        [&](std::string_view body) { return scale_of(body, target); });
    });
  } catch (const RequestError& error) {
    if (!error.unknown_path()) throw;
    throw no_scale(target, error);
  }
}

std::vector<Resource> RestCluster::pods(const std::string& namespace_name,
                                        const std::string& selector, const Budget& budget) {
  return list_pods<Resource>(namespace_name, selector, budget);
}

std::vector<PodFacts> RestCluster::pod_facts(const std::string& namespace_name,
                                             const std::string& selector, const Budget& budget) {
  return list_pods<PodFacts>(namespace_name, selector, budget);
}

template <typename Pod>
std::vector<Pod> RestCluster::list_pods(const std::string& namespace_name,
                                        const std::string& selector, const Budget& budget) {
  if (selector.empty()) {
    throw KubernetesError(0, "the selector is empty, which would mean every pod of namespace " +
                                 namespace_name + "; give the target's scale a selector");
  }
  const std::string path = "/api/v1/namespaces/" + percent_encode(namespace_name) +
                           "/pods?labelSelector=" + percent_encode(selector) + page_limit;
  try {
    return pages<Pod>(path, budget);
  } catch (const RequestError& error) {
    if (error.status != 410) throw;  // 410: the pages took too long, the first ones are too old
  }
  return pages<Pod>(path, budget);
}

template <typename Pod>
std::vector<Pod> RestCluster::pages(const std::string& path, const Budget& budget) {
  std::vector<Pod> pods;
  MemoryShare memory(budget.memory, "pods");  // until the caller counts them
  std::string token;
  for (;;) {
    const std::string page = token.empty() ? path : path + "&continue=" + percent_encode(token);
    const std::size_t before = pods.size();
    std::string next =
        rest_.send({.path = page, .subject = "pods"}, budget, [&](std::string_view body) {
          pods.resize(before);  // of a try that broke off
          return read_page(body, pods);
        });
    for (std::size_t i = before; i < pods.size(); ++i) memory.grow(bytes_of(pods[i]));
    if (next.empty()) return pods;
    if (next == token) {
      throw KubernetesError(200, "the list of pods does not end: the same page follows itself");
    }
    token = std::move(next);
  }
}

Scale RestCluster::set_replicas(const ScaleTarget& target, const Scale& observed,
                                std::int32_t replicas, const Budget& budget) {
  try {
    return with_resource(target, budget, [&](const ApiResource& resource) {
      return rest_.send({.method = "PATCH",
                         .path = path_of(resource, target) + "/scale",
                         .content_type = "application/json-patch+json",
                         .body = patch_text(observed, replicas)},
                        budget, [&](std::string_view body) { return scale_of(body, target); });
    });
  } catch (const RequestError& error) {
    if (error.status != 422 && error.status != 409) throw;
    return after_failed_patch(target, observed, replicas, error, budget);
  }
}

/// Finds out whether the patch was refused because the object or its count had changed.
Scale RestCluster::after_failed_patch(const ScaleTarget& target, const Scale& observed,
                                      std::int32_t replicas, const RequestError& error,
                                      const Budget& budget) {
  Scale seen;
  try {
    seen = scale(target, budget);
  } catch (const KubernetesError&) {
    throw error;  // why the patch failed says more than why nobody can tell what happened
  }
  if (is_another_object(observed, seen)) throw another_object(target);
  if (seen.replicas() == observed.replicas()) throw error;
  if (error.may_have_happened && seen.replicas() == replicas) return seen;
  throw replicas_changed(target, observed, seen.replicas());
}

}  // namespace cpab
