#include "cpab/simulation/metrics_routes.h"

#include "cpab/model/quantity.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/custom_metrics.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/metrics_types.h"
#include "cpab/simulation/pod_metrics.h"

namespace cpab {
namespace {

constexpr std::string_view resource_group = "metrics.k8s.io";
constexpr std::string_view custom_group = "custom.metrics.k8s.io";
constexpr std::string_view external_group = "external.metrics.k8s.io";

bool is_served(const ClusterState& state, const ResourcePath& path) {
  for (const auto* type : metrics_types(state.serving())) {
    if (type->group == path.group && type->version == path.version) return true;
  }
  return false;
}

ParsedSelector selector_of(const ServerRequest& request, const std::string& parameter) {
  const auto parameters = query_parameters(request.query());
  const auto found = parameters.find(parameter);
  return ParsedSelector::parse(found == parameters.end() ? "" : found->second);
}

ServerResponse serve_pod_metrics(ClusterState& state, const ServerRequest& request,
                                 const ResourcePath& path) {
  if (path.plural != "pods") throw no_such_resource();
  if (path.name.empty()) {
    return json_answer(
        200,
        pod_metrics_list(state, path.namespace_name, selector_of(request, "labelSelector")) + "\n");
  }
  const auto one = pod_metrics(state, path.namespace_name, path.name);
  if (!one) throw not_found(pod_metrics_type(), path.namespace_name + "/" + path.name);
  return json_answer(200, *one + "\n");
}

ServerResponse serve_custom(ClusterState& state, const ServerRequest& request,
                            const ResourcePath& path) {
  const auto metric = selector_of(request, "metricLabelSelector");
  if (path.plural == "metrics") {
    // About the namespace itself, in the form that adapters ask for.
    const MetricSubject subject{path.namespace_name, "namespaces", path.namespace_name, path.name};
    return json_answer(200, object_metric_list(state, path.version, subject, metric));
  }
  const MetricSubject subject{path.namespace_name, path.plural, path.name, path.subresource};
  if (path.plural == "pods" && path.name == "*") {
    MetricSubject of_any = subject;
    of_any.object.clear();
    return json_answer(200, pods_metric_list(state, path.version, of_any,
                                             selector_of(request, "labelSelector"), metric));
  }
  return json_answer(200, object_metric_list(state, path.version, subject, metric));
}

ServerResponse serve_external(ClusterState& state, const ServerRequest& request,
                              const ResourcePath& path) {
  const MetricSubject subject{path.namespace_name, "", "", path.plural};
  return json_answer(200,
                     external_metric_list(state, subject, selector_of(request, "labelSelector")));
}

}  // namespace

bool is_metrics_group(std::string_view group) {
  return group == resource_group || group == custom_group || group == external_group;
}

ServerResponse serve_metrics(ClusterState& state, const ServerRequest& request,
                             const ResourcePath& path) {
  if (!is_served(state, path)) throw no_such_resource();
  if (request.method != "GET") throw method_not_allowed();
  if (path.group == resource_group) return serve_pod_metrics(state, request, path);
  if (path.group == custom_group) return serve_custom(state, request, path);
  return serve_external(state, request, path);
}

ServerResponse put_metric(ClusterState& state, const ServerRequest& request) {
  Json body;
  try {
    body = Json::parse(request.body);
  } catch (const JsonError& error) {
    throw bad_request(std::string("the body is no JSON: ") + error.what());
  }
  const std::string own = body.string_at("/namespace");
  const MetricSubject subject{own.empty() ? "default" : own, body.string_at("/object/resource"),
                              body.string_at("/object/name"), body.string_at("/metric")};
  if (subject.metric.empty() || subject.resource.empty() != subject.object.empty()) {
    throw bad_request(
        "a metric has a name, and an object a resource and a name, such as "
        R"({"metric":"queue","value":"30","object":{"resource":"pods","name":"web-0"}})");
  }
  if (body.contains("/value") && body.at("/value").text() == "null") {
    state.metrics().erase(subject);
    return json_answer(200, body.text() + "\n");
  }
  const auto value = canonical_quantity(body.string_at("/value"));
  if (!value) throw bad_request("the value is a quantity in quotes, such as \"1500m\"");
  state.metrics().set(subject, {body.strings_at("/labels"), *value});
  return json_answer(200, body.text() + "\n");
}

}  // namespace cpab
