#include "cpab/simulation/load_routes.h"

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/metrics_routes.h"
#include "cpab/simulation/resource_path.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

struct LoadPlace {
  const ResourceType* type = nullptr;
  std::string namespace_name;
  std::string name;
};

/// `namespaces/{namespace}/{plural}/{name}/load`, whatever group the plural is of.
LoadPlace load_place(const ClusterState& state, std::string_view path) {
  const auto parsed = parse_resource_path("/api/v1/" + std::string(path));
  if (!parsed || parsed->subresource != "load") throw no_such_resource();
  for (const auto* type : state.types().served()) {
    if (type->plural == parsed->plural) return {type, parsed->namespace_name, parsed->name};
  }
  throw no_such_resource();
}

std::string load_text(const Load& load) {
  return Json()
      .set("/kind", load.kind)
      .set("/namespace", load.namespace_name)
      .set("/name", load.name)
      .set("/load", load.total)
      .set("/readyPods", load.ready_pods)
      .set("/loadPerPod", load.per_pod())
      .text();
}

std::string all_loads(ClusterState& state) {
  std::string list;
  for (const auto& load : state.loads()) list += (list.empty() ? "" : ",") + load_text(load);
  return R"({"loads":[)" + list + "]}";
}

std::string pod_load_text(ClusterState& state, const LoadPlace& place) {
  const auto pod = state.objects().find(*place.type, place.namespace_name, place.name);
  if (!pod) throw not_found(*place.type, place.name);
  return Json()
      .set("/kind", "Pod")
      .set("/namespace", place.namespace_name)
      .set("/name", place.name)
      .set("/load", state.pod_load(pod))
      .text();
}

std::string one_load(ClusterState& state, const LoadPlace& place) {
  if (place.type->kind == "Pod") return pod_load_text(state, place);
  const auto load = state.load(*place.type, place.namespace_name, place.name);
  if (!load) throw not_found(*place.type, place.name);
  return load_text(*load);
}

std::string put_load(ClusterState& state, const LoadPlace& place, const std::string& body) {
  std::size_t end = 0;
  double value = -1;
  try {
    value = std::stod(body, &end);
  } catch (const std::exception&) {
  }
  if (!(value >= 0) || !place.type->has_scale) {
    throw bad_request("the load of a workload is a number that is not negative");
  }
  state.set_load(*place.type, place.namespace_name, place.name,
                 [value](Duration) { return value; });
  return one_load(state, place);
}

}  // namespace

ServerResponse serve_load(SimulatedCluster& cluster, const ServerRequest& request) {
  auto path = request.path();
  path.remove_prefix(std::string_view("/simulation/").size());
  if (request.method != "GET" && request.method != "PUT") throw method_not_allowed();
  if (path == "metrics" && request.method == "PUT") {
    return cluster.access([&](ClusterState& state) { return put_metric(state, request); });
  }
  return json_answer(200, cluster.access([&](ClusterState& state) {
    if (path == "load") return all_loads(state);
    const auto place = load_place(state, path);
    return request.method == "PUT" ? put_load(state, place, request.body) : one_load(state, place);
  }));
}

}  // namespace cpab
