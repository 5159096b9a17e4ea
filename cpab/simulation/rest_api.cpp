#include "cpab/simulation/rest_api.h"

#include <charconv>

#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/api_operations.h"
#include "cpab/simulation/discovery_documents.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/load_routes.h"
#include "cpab/simulation/pod_metrics.h"
#include "cpab/simulation/resource_path.h"
#include "cpab/simulation/scale_document.h"
#include "cpab/simulation/simulated_cluster.h"
#include "cpab/simulation/table.h"
#include "cpab/simulation/watch.h"

namespace cpab {
namespace {

using Parameters = std::map<std::string, std::string>;

/// A request about stored objects.
struct ResourceCall {
  const ServerRequest& request;
  const ResourceType& type;
  ResourcePath path;
  Parameters parameters;

  std::string parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
  }
  std::string_view accept() const { return header(request.headers, "Accept"); }
  ObjectPlace place() const { return {type, path.namespace_name, path.name}; }
};

ServerResponse plain(int status, std::string text) {
  auto response = json_answer(status, std::move(text), "text/plain; charset=utf-8");
  return response;
}

ServerResponse page_not_found() { return plain(404, "404 page not found\n"); }

template <class Number>
Number number_parameter(const ResourceCall& call, const std::string& name, Number otherwise) {
  const auto text = call.parameter(name);
  if (text.empty()) return otherwise;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw bad_request("invalid value of the query parameter " + name + ": " + text);
  }
  return value;
}

RowObject row_object(const ResourceCall& call) {
  const auto wanted = call.parameter("includeObject");
  if (wanted == "None") return RowObject::none;
  return wanted == "Object" ? RowObject::whole : RowObject::metadata;
}

// --- Reading

std::string list_meta(const ListPage& page, std::uint64_t version, bool selective) {
  Json meta;
  meta.set("/resourceVersion", std::to_string(version));
  if (!page.continue_token.empty()) {
    meta.set("/continue", page.continue_token);
    if (!selective) {
      meta.set("/remainingItemCount", static_cast<std::int64_t>(page.remaining));
    }
  }
  return meta.text();
}

/// The items of built-in types have no kind and apiVersion of their own.
std::string list_text(const ResourceType& type, const ListPage& page, const std::string& meta) {
  std::string text = R"({"kind":)" + json_quote(type.kind + "List") + R"(,"apiVersion":)" +
                     json_quote(type.api_version()) + R"(,"metadata":)" + meta + R"(,"items":[)";
  bool first = true;
  for (const auto& object : page.objects) {
    if (!first) text += ',';
    first = false;
    if (type.custom) {
      text += object->text();
    } else {
      text.append("{").append(object->members_text());
    }
  }
  return text + "]}\n";
}

ServerResponse list(ClusterState& state, const ResourceCall& call) {
  ListQuery query;
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(call.parameter("fieldSelector"));
  query.limit = number_parameter<std::size_t>(call, "limit", 0);
  query.continue_token = call.parameter("continue");
  const auto page = list_objects(state, call.type, call.path.namespace_name, query);
  const bool selective = !query.labels.empty() || !query.fields.empty();
  const auto meta = list_meta(page, state.objects().version(), selective);
  if (wants_table(call.accept())) {
    return json_answer(200,
                       table_text(call.type, page.objects, row_object(call), meta, state.now()));
  }
  return json_answer(200, list_text(call.type, page, meta));
}

std::string scale_text(const StoredObject& workload) {
  return R"({"kind":"Scale","apiVersion":"autoscaling/v1",)" + scale_of(workload).text().substr(1) +
         "\n";
}

ServerResponse object_answer(const Object& object, ObjectPart part, int status = 200) {
  return json_answer(status,
                     part == ObjectPart::scale ? scale_text(*object) : object->text() + "\n");
}

ServerResponse get(ClusterState& state, const ResourceCall& call, ObjectPart part) {
  const auto object = get_object(state, call.place());
  if (part != ObjectPart::scale && wants_table(call.accept())) {
    const auto meta = Json().set("/resourceVersion", std::to_string(object->version())).text();
    return json_answer(200, table_text(call.type, {object}, row_object(call), meta, state.now()));
  }
  return object_answer(object, part);
}

ServerResponse watch(SimulatedCluster& cluster, const ResourceCall& call) {
  WatchQuery query{call.type, call.path.namespace_name, {}, {}, {}};
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(call.path.name.empty() ? call.parameter("fieldSelector")
                                                             : "metadata.name=" + call.path.name);
  const auto since = number_parameter<std::uint64_t>(call, "resourceVersion", 0);
  if (since != 0) query.since = since;
  query.timeout =
      std::chrono::seconds(number_parameter<std::int32_t>(call, "timeoutSeconds", 1800));
  query.as_table = wants_table(call.accept());
  query.row_object = row_object(call);
  auto response = json_answer(200, "");
  response.stream = watch_stream(cluster, std::move(query));
  return response;
}

// --- Writing

PatchType patch_type(const ServerRequest& request) {
  const auto content = header(request.headers, "Content-Type");
  const auto type = content.substr(0, content.find(';'));
  if (type == "application/json-patch+json") return PatchType::json;
  if (type == "application/merge-patch+json") return PatchType::merge;
  if (type == "application/strategic-merge-patch+json") return PatchType::strategic;
  throw unsupported_media_type();
}

/// `kubectl create deployment` and the like send protobuf; `create -f` and `apply` send JSON.
void require_json(const ServerRequest& request) {
  const auto content = header(request.headers, "Content-Type");
  if (content.find("protobuf") == content.npos && content.find("yaml") == content.npos) return;
  throw ApiError(415, "UnsupportedMediaType",
                 "the simulated API server takes JSON only, not " + std::string(content) +
                     "; with kubectl, use `create -f` or `apply`");
}

/// An object that is gone is answered with a Status, one that is about to go with itself.
ServerResponse remove(ClusterState& state, const ResourceCall& call) {
  const auto object = delete_object(state, call.place(), call.request.body);
  if (object->terminating()) return object_answer(object, ObjectPart::object);
  Json status;
  status.set("/kind", "Status").set("/apiVersion", "v1").set("/metadata", Json());
  status.set("/status", "Success").set("/details/name", object->name());
  if (!call.type.group.empty()) status.set("/details/group", call.type.group);
  status.set("/details/kind", call.type.plural).set("/details/uid", object->uid());
  return json_answer(200, status.text() + "\n");
}

ServerResponse remove_collection(ClusterState& state, const ResourceCall& call) {
  ListQuery query;
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(call.parameter("fieldSelector"));
  const auto page = list_objects(state, call.type, call.path.namespace_name, query);
  for (const auto& object : page.objects) {
    delete_object(state, {call.type, object->namespace_name(), object->name()}, call.request.body);
  }
  return json_answer(200, list_text(call.type, page, "{}"));
}

ObjectPart part_of(const ResourceCall& call) {
  const auto& subresource = call.path.subresource;
  if (subresource.empty()) return ObjectPart::object;
  if (subresource == "status" && call.type.has_status) return ObjectPart::status;
  if (subresource == "scale" && call.type.has_scale) return ObjectPart::scale;
  throw no_such_resource();
}

// --- Dispatch

ServerResponse serve_collection(ClusterState& state, const ResourceCall& call) {
  const auto& method = call.request.method;
  require_json(call.request);
  const bool across_namespaces = call.type.namespaced && call.path.namespace_name.empty();
  if (method == "GET") return list(state, call);
  if (method == "POST" && !across_namespaces) {
    return object_answer(
        create_object(state, call.type, call.path.namespace_name, call.request.body),
        ObjectPart::object, 201);
  }
  if (method == "DELETE" && !across_namespaces) return remove_collection(state, call);
  throw method_not_allowed();
}

ServerResponse serve_object(ClusterState& state, const ResourceCall& call) {
  const auto& method = call.request.method;
  const auto part = part_of(call);
  const auto& body = call.request.body;
  if (method != "PATCH") require_json(call.request);
  if (method == "GET") return get(state, call, part);
  if (method == "PUT") {
    return object_answer(replace_object(state, call.place(), part, body), part);
  }
  if (method == "PATCH") {
    const auto type = patch_type(call.request);
    return object_answer(patch_object(state, call.place(), part, type, body), part);
  }
  if (method == "DELETE" && part == ObjectPart::object) return remove(state, call);
  throw method_not_allowed();
}

bool wants_watch(const ResourceCall& call) {
  const auto wanted = call.parameter("watch");
  return call.request.method == "GET" && (wanted == "true" || wanted == "1");
}

ServerResponse serve_resource(SimulatedCluster& cluster, const ResourceCall& call) {
  if (wants_watch(call)) return watch(cluster, call);
  return cluster.access([&](ClusterState& state) {
    return call.path.name.empty() ? serve_collection(state, call) : serve_object(state, call);
  });
}

ServerResponse serve_metrics(SimulatedCluster& cluster, const ServerRequest& request,
                             const ResourcePath& path) {
  if (path.plural != "pods") return page_not_found();
  const auto parameters = query_parameters(request.query());
  const auto found = parameters.find("labelSelector");
  const auto selector = ParsedSelector::parse(found == parameters.end() ? "" : found->second);
  return cluster.access([&](ClusterState& state) {
    if (path.name.empty()) {
      return json_answer(200, pod_metrics_list(state, path.namespace_name, selector) + "\n");
    }
    const auto one = pod_metrics(state, path.namespace_name, path.name);
    static const ResourceType type{"metrics.k8s.io", "v1beta1", "PodMetrics", "pods", "pod", {}};
    if (!one) throw not_found(type, path.namespace_name + "/" + path.name);
    return json_answer(200, *one + "\n");
  });
}

/// Everything whose answer does not depend on the state; none when the path is something else.
std::optional<ServerResponse> serve_discovery(const ServerRequest& request) {
  const auto path = request.path();
  const auto accept = header(request.headers, "Accept");
  if (path == "/version") return json_answer(200, version_document());
  if (path == "/healthz" || path == "/readyz" || path == "/livez") return plain(200, "ok");
  if (path == "/api") {
    return json_answer(200, core_versions_document(accept), discovery_media_type(accept));
  }
  if (path == "/apis") {
    return json_answer(200, group_list_document(accept), discovery_media_type(accept));
  }
  const auto parsed = parse_resource_path(path);
  if (!parsed) {
    const auto group = path.starts_with("/apis/")
                           ? group_document(path.substr(std::string_view("/apis/").size()))
                           : std::nullopt;
    return group ? json_answer(200, *group) : page_not_found();
  }
  if (!parsed->plural.empty()) return std::nullopt;
  const auto resources = resource_list_document(parsed->group, parsed->version);
  return resources ? json_answer(200, *resources) : page_not_found();
}

ServerResponse serve_or_throw(SimulatedCluster& cluster, const ServerRequest& request) {
  if (request.path().starts_with("/simulation/")) return serve_load(cluster, request);
  if (auto response = serve_discovery(request)) return std::move(*response);
  const auto path = *parse_resource_path(request.path());
  if (path.group == "metrics.k8s.io" && path.version == "v1beta1") {
    return serve_metrics(cluster, request, path);
  }
  const auto* type = find_resource_type(path.group, path.version, path.plural);
  const bool misplaced = type != nullptr && !type->namespaced && !path.namespace_name.empty();
  if (type == nullptr || misplaced) return page_not_found();
  return serve_resource(cluster, {request, *type, path, query_parameters(request.query())});
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
