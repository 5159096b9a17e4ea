#include "cpab/simulation/simulated_cluster.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "cpab/kubernetes/label_selector.h"
#include "cpab/simulation/admission.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/api_operations.h"
#include "cpab/simulation/custom_resource_definition.h"
#include "cpab/simulation/scale_document.h"
#include "cpab/simulation/yaml.h"

namespace cpab {
namespace {

/// The kind may be written in lower case, as discovery allows.
const ResourceType& type_of(const ClusterState& state, const ScaleTarget& target) {
  if (const auto* type = state.types().find_kind(target.api_version, target.kind)) return *type;
  for (const auto* type : state.types().served()) {
    if (type->singular == target.kind && type->api_version() == target.api_version) return *type;
  }
  throw KubernetesError(
      0, "no matches for kind \"" + target.kind + "\" in version \"" + target.api_version + "\"");
}

ObjectPlace object_place(const ClusterState& state, const ScaleTarget& target) {
  const auto& type = type_of(state, target);
  return {type, type.namespaced ? target.namespace_name : "", target.name};
}

std::string path_of(const ObjectPlace& place) {
  const auto& type = place.type;
  return (type.group.empty() ? "/api/" : "/apis/") + type.api_version() + "/namespaces/" +
         place.namespace_name + "/" + type.plural + "/" + place.name;
}

/// Whom the changes of this interface belong to.
WriteOptions written_by(const char* manager) { return {manager, true, WriteMode::real}; }

/// The place of an object that says its kind, `default` being the namespace of those without.
ObjectPlace place_of_object(const ClusterState& state, const Json& object) {
  const auto own = object.string_at("/metadata/namespace");
  return object_place(state, {object.string_at("/apiVersion"), object.string_at("/kind"),
                              object.string_at("/metadata/name"), own.empty() ? "default" : own});
}

/// What a manifest holds: its documents, and the items of those that are lists.
std::vector<Json> objects_of(const std::string& manifest) {
  std::vector<Json> objects;
  for (auto& document : yaml_documents(manifest)) {
    if (document.string_at("/kind") == "List") {
      for (auto& item : document.elements_at("/items")) objects.push_back(std::move(item));
    } else {
      objects.push_back(std::move(document));
    }
  }
  return objects;
}

void require_scale(const ResourceType& type) {
  if (!type.has_scale) throw no_such_resource();
}

Scale to_scale(const StoredObject& workload) {
  const auto document = scale_of(workload);
  Scale scale;
  scale.name = workload.name();
  scale.uid = workload.uid();
  if (const auto replicas = document.integer_at("/spec/replicas")) {
    scale.spec_replicas = static_cast<std::int32_t>(*replicas);
  }
  scale.status_replicas =
      static_cast<std::int32_t>(document.integer_at("/status/replicas").value_or(0));
  scale.selector = normalized_selector(document.string_at("/status/selector"));
  return scale;
}

Resource to_resource(const StoredObject& object, const ResourceType& type) {
  return {object.name(), object.uid(), object.text(type)};
}

Json scale_request(std::int32_t replicas) { return Json().set("/spec/replicas", replicas); }

/// An error of the simulated server as the caller of a Cluster knows it.
template <class Function>
auto translated(Function function) {
  try {
    return function();
  } catch (const ApiError& error) {
    throw KubernetesError(error.code, error.what());
  } catch (const SelectorError& error) {
    throw KubernetesError(400, error.what());
  } catch (const JsonError& error) {
    throw KubernetesError(400, error.what());
  }
}

void wait(Clock& clock, Duration latency, const Budget& budget) {
  const auto end = clock.now() + latency;
  if (!clock.wait_until(std::min(end, budget.deadline), budget.stop)) {
    throw KubernetesError(0, "stopped while waiting for the simulated API server");
  }
  if (end > budget.deadline) throw KubernetesError(0, "the simulated API server took too long");
}

void spoil(const Fault& fault) {
  if (fault.status != 0) {
    throw KubernetesError(fault.status, injected_failure(fault.status).what());
  }
  if (fault.spoils_answer()) throw KubernetesError(0, "the simulated API server gave no answer");
}

}  // namespace

SimulatedCluster::SimulatedCluster(Clock& clock, const SimulationOptions& options)
    : clock_(clock), state_(clock, options) {
  add_namespace("default");
  access([](ClusterState& state) {
    const auto& type = type_of_kind("CustomResourceDefinition");
    state.create(type, admitted(type, index_definition()));
  });
}

struct SimulatedCluster::Place {
  ObjectPlace object;
  std::string path;  ///< of the request that reads it
};

SimulatedCluster::Place SimulatedCluster::place_of(const ScaleTarget& target) {
  return access([&](ClusterState& state) {
    auto place = object_place(state, target);
    auto path = path_of(place);
    return Place{std::move(place), std::move(path)};
  });
}

void SimulatedCluster::add_namespace(const std::string& name) {
  access([&](ClusterState& state) {
    const auto& type = type_of_kind("Namespace");
    if (state.objects().find(type, "", name)) return;
    state.create(type, admitted(type, Json().set("/metadata/name", name)));
  });
}

ScaleTarget SimulatedCluster::add_workload(const WorkloadOptions& options) {
  add_namespace(options.namespace_name);
  return translated([&] {
    return access([&](ClusterState& state) {
      const auto& type = state.types().of_kind(options.kind);
      if (!type.has_scale) throw std::invalid_argument(options.kind + " is no workload");
      state.create(type, admitted(type, workload_document(options)));
      if (options.load) state.set_load(type, options.namespace_name, options.name, options.load);
      return ScaleTarget{type.api_version(), type.kind, options.name, options.namespace_name};
    });
  });
}

ScaleTarget SimulatedCluster::add_deployment(WorkloadOptions options) {
  options.kind = "Deployment";
  return add_workload(options);
}

void SimulatedCluster::create(const std::string& object) {
  translated([&] {
    access([&](ClusterState& state) {
      const auto document = Json::parse(object);
      const auto place = place_of_object(state, document);
      create_object(state, place.type, place.namespace_name, document, written_by("kubectl"));
    });
  });
}

void SimulatedCluster::apply_manifest(const std::string& manifest) {
  translated([&] {
    for (const auto& object : objects_of(manifest)) {
      access([&](ClusterState& state) {
        apply_object(state, place_of_object(state, object), ObjectPart::object, object,
                     written_by("manifest"));
      });
    }
  });
}

void SimulatedCluster::set_load(const ScaleTarget& target, LoadFunction load) {
  access([&](ClusterState& state) {
    state.set_load(type_of(state, target), target.namespace_name, target.name, std::move(load));
  });
}

Load SimulatedCluster::load(const ScaleTarget& target) {
  return access([&](ClusterState& state) {
    const auto load = state.load(type_of(state, target), target.namespace_name, target.name);
    if (!load) throw KubernetesError(404, "there is no load on " + describe(target));
    return *load;
  });
}

void SimulatedCluster::set_metric(const MetricSubject& subject, MetricSeries series) {
  access([&](ClusterState& state) { state.metrics().set(subject, std::move(series)); });
}

void SimulatedCluster::remove_metric(const MetricSubject& subject,
                                     const std::map<std::string, std::string>& labels) {
  access([&](ClusterState& state) { state.metrics().erase(subject, labels); });
}

MetricSubject SimulatedCluster::metric_of(const ScaleTarget& target, const std::string& metric) {
  return access([&](ClusterState& state) {
    return MetricSubject{target.namespace_name, type_of(state, target).qualified_plural(),
                         target.name, metric};
  });
}

void SimulatedCluster::set_page(const std::string& path, std::optional<std::string> body) {
  access([&](ClusterState& state) {
    if (body) {
      state.pages()[path] = std::move(*body);
    } else {
      state.pages().erase(path);
    }
  });
}

void SimulatedCluster::set_usage(const std::string& namespace_name, const std::string& pod,
                                 const std::string& container, ContainerUsage usage) {
  access([&](ClusterState& state) {
    state.metrics().set_usage(namespace_name, pod, container, std::move(usage));
  });
}

void SimulatedCluster::set_metrics_serving(MetricsServing serving) {
  access([&](ClusterState& state) { state.set_serving(std::move(serving)); });
}

WorkloadView SimulatedCluster::view(const ScaleTarget& target) {
  return translated([&] {
    return access([&](ClusterState& state) {
      const auto workload = get_object(state, object_place(state, target));
      const auto count = [&](const std::string& field) {
        return static_cast<std::int32_t>(workload->document().integer_at(field).value_or(0));
      };
      const auto& paths = workload->type().scale;
      return WorkloadView{count(paths.spec_replicas), count(paths.status_replicas),
                          count("/status/readyReplicas")};
    });
  });
}

void SimulatedCluster::scale_by_hand(const ScaleTarget& target, std::int32_t replicas) {
  translated([&] {
    access([&](ClusterState& state) {
      patch_object(state, object_place(state, target), ObjectPart::scale, PatchType::merge,
                   scale_request(replicas).text(), written_by("kubectl"));
    });
  });
}

void SimulatedCluster::merge_patch(const ScaleTarget& target, const std::string& patch) {
  translated([&] {
    access([&](ClusterState& state) {
      patch_object(state, object_place(state, target), ObjectPart::object, PatchType::merge, patch,
                   written_by("kubectl"));
    });
  });
}

void SimulatedCluster::merge_patch_pod(const std::string& namespace_name, const std::string& name,
                                       const std::string& patch) {
  translated([&] {
    access([&](ClusterState& state) {
      const ObjectPlace place{type_of_kind("Pod"), namespace_name, name};
      const auto options = written_by("kubectl");
      patch_object(state, place, ObjectPart::object, PatchType::merge, patch, options);
      patch_object(state, place, ObjectPart::status, PatchType::merge, patch, options);
    });
  });
}

void SimulatedCluster::remove(const ScaleTarget& target) {
  translated([&] {
    access([&](ClusterState& state) { delete_object(state, object_place(state, target), Json()); });
  });
}

/// Runs `function(state)` as if it were the request `method path`, with the faults of that.
template <class Function>
auto SimulatedCluster::call(const std::string& method, const std::string& path,
                            const Budget& budget, Function function) {
  if (budget.stop.stop_requested()) throw KubernetesError(0, "stopped");
  const auto fault = faults_.take(method, path).value_or(Fault{});
  if (fault.latency.count() > 0) wait(clock_, fault.latency, budget);
  if (!fault.takes_effect) spoil(fault);
  auto result = translated([&] { return access(function); });
  spoil(fault);
  return result;
}

Resource SimulatedCluster::target(const ScaleTarget& target, const Budget& budget) {
  const auto place = place_of(target);
  return call("GET", place.path, budget, [&](ClusterState& state) {
    return to_resource(*get_object(state, place.object), place.object.type);
  });
}

Scale SimulatedCluster::scale(const ScaleTarget& target, const Budget& budget) {
  const auto place = place_of(target);
  return call("GET", place.path + "/scale", budget, [&](ClusterState& state) {
    const auto workload = get_object(state, place.object);
    require_scale(place.object.type);
    return to_scale(*workload);
  });
}

std::vector<Resource> SimulatedCluster::pods(const std::string& namespace_name,
                                             const std::string& selector, const Budget& budget) {
  if (selector.empty()) throw KubernetesError(0, "an empty selector would mean every pod");
  return call("GET", "/api/v1/namespaces/" + namespace_name + "/pods", budget,
              [&](ClusterState& state) {
                ListQuery query;
                query.labels = ParsedSelector::parse(selector);
                std::vector<Resource> result;
                for (const auto& pod :
                     list_objects(state, type_of_kind("Pod"), namespace_name, query).objects) {
                  result.push_back(to_resource(*pod, pod->type()));
                }
                return result;
              });
}

Scale SimulatedCluster::set_replicas(const ScaleTarget& target, const Scale& observed,
                                     std::int32_t replicas, const Budget& budget) {
  const auto place = place_of(target);
  return call("PATCH", place.path + "/scale", budget, [&](ClusterState& state) {
    require_scale(place.object.type);
    const auto seen = to_scale(*get_object(state, place.object));
    if (!observed.uid.empty() && seen.uid != observed.uid) {
      throw KubernetesError(409, describe(target) +
                                     " was deleted and made again since it was read; nothing was "
                                     "written");
    }
    if (seen.spec_replicas != observed.spec_replicas) {
      throw ReplicasChangedError(seen.replicas(), describe(target) + " has " +
                                                      std::to_string(seen.replicas()) +
                                                      " replicas now; nothing was written");
    }
    return to_scale(*patch_object(state, place.object, ObjectPart::scale, PatchType::merge,
                                  scale_request(replicas).text(), written_by("cpab")));
  });
}

}  // namespace cpab
