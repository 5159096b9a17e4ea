#include "cpab/simulation/rest_api.h"

#include "cpab/simulation/discovery_documents.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/load_routes.h"
#include "cpab/simulation/metrics_routes.h"
#include "cpab/simulation/openapi_documents.h"
#include "cpab/simulation/page_routes.h"
#include "cpab/simulation/rest_reads.h"
#include "cpab/simulation/rest_writes.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

ServerResponse plain(int status, std::string text) {
  return json_answer(status, std::move(text), "text/plain; charset=utf-8");
}

ServerResponse page_not_found() { return plain(404, "404 page not found\n"); }

ObjectPart part_of(const ResourceCall& call) {
  const auto& subresource = call.path.subresource;
  if (subresource.empty()) return ObjectPart::object;
  if (subresource == "status" && call.type.has_status) return ObjectPart::status;
  if (subresource == "scale" && call.type.has_scale) return ObjectPart::scale;
  throw no_such_resource();
}

ServerResponse serve_collection(ClusterState& state, const ResourceCall& call) {
  const auto& method = call.request.method;
  const bool across_namespaces = call.type.namespaced && call.path.namespace_name.empty();
  if (method == "GET") return serve_list(state, call);
  if (method == "POST" && !across_namespaces) return serve_create(state, call);
  if (method == "DELETE" && !across_namespaces) return serve_delete_collection(state, call);
  throw method_not_allowed();
}

ServerResponse serve_object(ClusterState& state, const ResourceCall& call) {
  const auto& method = call.request.method;
  const auto part = part_of(call);
  if (method == "GET") return serve_get(state, call, part);
  if (method == "PUT") return serve_replace(state, call, part);
  if (method == "PATCH") return serve_patch(state, call, part);
  if (method == "DELETE" && part == ObjectPart::object) return serve_delete(state, call);
  throw method_not_allowed();
}

ServerResponse serve_resource(SimulatedCluster& cluster, ClusterState& state,
                              const ServerRequest& request, const ResourcePath& path) {
  if (is_metrics_group(path.group)) return serve_metrics(state, request, path);
  const auto* type = state.types().find(path.group, path.version, path.plural);
  const bool misplaced = type != nullptr && !type->namespaced && !path.namespace_name.empty();
  if (type == nullptr || misplaced) return page_not_found();
  const ResourceCall call{request, *type, path, query_parameters(request.query())};
  if (request.method == "GET" && call.flag("watch")) return serve_watch(cluster, state, call);
  return path.name.empty() ? serve_collection(state, call) : serve_object(state, call);
}

/// Below /api and /apis, without the name of a resource.
ServerResponse serve_discovery(const ResourceCatalog& catalog, const ServerRequest& request) {
  const auto path = request.path();
  const auto accept = header(request.headers, "Accept");
  if (path == "/api") {
    return json_answer(200, core_versions_document(catalog, accept), discovery_media_type(accept));
  }
  if (path == "/apis") {
    return json_answer(200, group_list_document(catalog, accept), discovery_media_type(accept));
  }
  std::optional<std::string> document;
  if (const auto parsed = parse_resource_path(path)) {
    document = resource_list_document(catalog, parsed->group, parsed->version);
  } else if (path.starts_with("/apis/")) {
    document = group_document(catalog, path.substr(std::string_view("/apis/").size()));
  }
  return document ? json_answer(200, *document) : page_not_found();
}

ServerResponse serve_state(SimulatedCluster& cluster, ClusterState& state,
                           const ServerRequest& request) {
  if (auto response = serve_openapi(state.types(), request)) return std::move(*response);
  const auto path = parse_resource_path(request.path());
  if (path && !path->plural.empty()) return serve_resource(cluster, state, request, *path);
  return serve_discovery(state.types(), request);
}

ServerResponse serve_or_throw(SimulatedCluster& cluster, const ServerRequest& request) {
  const auto path = request.path();
  if (path.starts_with("/simulation/http/")) {
    return cluster.access([&](ClusterState& state) { return serve_page(state, request); });
  }
  if (path.starts_with("/simulation/")) return serve_load(cluster, request);
  if (path == "/version") return json_answer(200, version_document());
  if (path == "/healthz" || path == "/readyz" || path == "/livez") return plain(200, "ok");
  return cluster.access([&](ClusterState& state) { return serve_state(cluster, state, request); });
}

}  // namespace

ServerResponse serve_api(SimulatedCluster& cluster, const ServerRequest& request) {
  try {
    return serve_or_throw(cluster, request);
  } catch (const ApiError& error) {
    return json_answer(error.code, status_json(error));
  } catch (const SelectorError& error) {
    return json_answer(400, status_json(bad_request(error.what())));
  }
}

}  // namespace cpab
