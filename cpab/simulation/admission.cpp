#include "cpab/simulation/admission.h"

#include <limits>

#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

void set_if_absent(Json& document, const std::string& pointer, const Json& value) {
  if (!document.contains(pointer)) document.set(pointer, value);
}

std::string qualified_kind(const ResourceType& type) {
  return type.group.empty() ? type.kind : type.kind + "." + type.group;
}

void add_pod_defaults(Json& document, const std::string& spec) {
  set_if_absent(document, spec + "/restartPolicy", Json::parse(R"("Always")"));
  set_if_absent(document, spec + "/terminationGracePeriodSeconds", Json::parse("30"));
  set_if_absent(document, spec + "/dnsPolicy", Json::parse(R"("ClusterFirst")"));
  set_if_absent(document, spec + "/schedulerName", Json::parse(R"("default-scheduler")"));
}

void add_defaults(const ResourceType& type, Json& document) {
  if (type.kind == "Pod") {
    add_pod_defaults(document, "/spec");
    document.set("/status/phase", "Pending");
  }
  if (type.kind == "Namespace") document.set("/status/phase", "Active");
  if (!type.has_scale) return;
  document.set("/metadata/generation", 1);
  if (!type.custom) set_if_absent(document, "/spec/replicas", Json::parse("1"));
  add_pod_defaults(document, "/spec/template/spec");
  document.set("/status/replicas", 0);
  if (type.kind != "Deployment") return;
  document.erase("/status/replicas");
  set_if_absent(
      document, "/spec/strategy",
      Json::parse(
          R"({"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}})"));
  set_if_absent(document, "/spec/revisionHistoryLimit", Json::parse("10"));
  set_if_absent(document, "/spec/progressDeadlineSeconds", Json::parse("600"));
}

void copy(Json& target, const Json& source, const std::string& pointer) {
  if (source.contains(pointer)) {
    target.set(pointer, source.at(pointer));
  } else {
    target.erase(pointer);
  }
}

}  // namespace

Json admitted(const ResourceType& type, Json document) {
  document.erase("/kind").erase("/apiVersion").erase("/status");
  if (!document.at("/metadata").is_object()) throw bad_request("metadata must be an object");
  add_defaults(type, document);
  validate(type, document);
  return document;
}

Json merged(const StoredObject& stored, Json wanted, bool status_only) {
  const auto& before = stored.document();
  if (status_only) {
    auto document = before;
    copy(document, wanted, "/status");
    return document;
  }
  wanted.erase("/kind").erase("/apiVersion");
  for (const char* kept : {"name", "namespace", "uid", "creationTimestamp", "generation",
                           "deletionTimestamp", "resourceVersion"}) {
    copy(wanted, before, std::string("/metadata/") + kept);
  }
  if (stored.type().has_status) copy(wanted, before, "/status");
  const auto generation = before.integer_at("/metadata/generation");
  if (generation && !(wanted.at("/spec") == before.at("/spec"))) {
    wanted.set("/metadata/generation", *generation + 1);
  }
  validate(stored.type(), wanted);
  return wanted;
}

void validate(const ResourceType& type, const Json& document) {
  const auto name = document.string_at("/metadata/name");
  if (name.empty()) {
    throw invalid_field(qualified_kind(type), "", "metadata.name",
                        "Required value: name or generateName is required");
  }
  if (!type.has_scale || !document.contains("/spec/replicas")) return;
  const auto replicas = document.integer_at("/spec/replicas");
  if (!replicas) throw bad_request(type.kind + ": spec.replicas must be an integer");
  check_replicas(qualified_kind(type), name, *replicas);
}

void check_replicas(const std::string& kind, const std::string& name, std::int64_t replicas) {
  if (replicas < 0) {
    throw invalid_field(
        kind, name, "spec.replicas",
        "Invalid value: " + std::to_string(replicas) + ": must be greater than or equal to 0");
  }
  if (replicas > std::numeric_limits<std::int32_t>::max()) {
    throw bad_request("spec.replicas does not fit into 32 bits: " + std::to_string(replicas));
  }
}

}  // namespace cpab
