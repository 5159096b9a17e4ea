#include "cpab/simulation/admission.h"

#include <limits>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/custom_resource_definition.h"

namespace cpab {
namespace {

void set_if_absent(Json& document, const std::string& pointer, const Json& value) {
  if (!document.contains(pointer)) document.set(pointer, value);
}

void add_pod_defaults(Json& document, const std::string& spec) {
  set_if_absent(document, spec + "/restartPolicy", Json::parse(R"("Always")"));
  set_if_absent(document, spec + "/terminationGracePeriodSeconds", Json::parse("30"));
  set_if_absent(document, spec + "/dnsPolicy", Json::parse(R"("ClusterFirst")"));
  set_if_absent(document, spec + "/schedulerName", Json::parse(R"("default-scheduler")"));
}

void add_deployment_defaults(Json& document) {
  set_if_absent(
      document, "/spec/strategy",
      Json::parse(
          R"({"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}})"));
  set_if_absent(document, "/spec/revisionHistoryLimit", Json::parse("10"));
  set_if_absent(document, "/spec/progressDeadlineSeconds", Json::parse("600"));
}

void add_workload_defaults(const ResourceType& type, Json& document) {
  if (!type.custom) set_if_absent(document, "/spec/replicas", Json::parse("1"));
  if (type.custom && !document.contains("/spec/template")) return;
  add_pod_defaults(document, "/spec/template/spec");
  if (type.kind == "Deployment") {
    add_deployment_defaults(document);
  } else {
    document.set(type.scale.status_replicas, 0);
  }
}

std::string base64(const std::string& bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

/// `stringData` is for writing only: it ends up in `data`.
void settle_secret(Json& document) {
  auto data = document.strings_at("/data");
  for (const auto& [key, value] : document.strings_at("/stringData")) data[key] = base64(value);
  if (document.contains("/stringData")) document.set("/data", data).erase("/stringData");
  set_if_absent(document, "/type", Json::parse(R"("Opaque")"));
}

bool counts_generations(const ResourceType& type) {
  return type.custom || (type.has_status && type.kind != "Pod" && type.kind != "Namespace" &&
                         type.kind != "Service");
}

/// What depends on the type, whoever writes and how.
Json defaulted(const ResourceType& type, Json document) {
  if (type.kind == "Secret" && !type.custom) settle_secret(document);
  if (type.kind == "CustomResourceDefinition") {
    document = with_definition_defaults(std::move(document));
  }
  return document;
}

void add_defaults(const ResourceType& type, Json& document) {
  if (counts_generations(type)) document.set("/metadata/generation", 1);
  if (type.kind == "Pod") {
    add_pod_defaults(document, "/spec");
    document.set("/status/phase", "Pending");
  }
  if (type.kind == "Namespace") {
    document.set("/status/phase", "Active");
    set_if_absent(document, "/spec/finalizers", Json::parse(R"(["kubernetes"])"));
  }
  if (type.has_scale) add_workload_defaults(type, document);
}

/// The object has to be of the type that the path names.
void check_kind(const ResourceType& type, const Json& document) {
  const auto version = document.string_at("/apiVersion");
  if (!version.empty() && version != type.api_version()) {
    throw bad_request("the API version in the data (" + version +
                      ") does not match the expected API version (" + type.api_version() + ")");
  }
  const auto kind = document.string_at("/kind");
  if (!kind.empty() && kind != type.kind) {
    throw bad_request(kind + " in version \"" + type.version + "\" cannot be handled as a " +
                      type.kind);
  }
}

void copy(Json& target, const Json& source, const std::string& pointer) {
  if (source.contains(pointer)) {
    target.set(pointer, source.at(pointer));
  } else {
    target.erase(pointer);
  }
}

/// Of custom resources everything but metadata and status counts, of others the spec.
Json specification(const ResourceType& type, const Json& document) {
  if (!type.custom) return document.at("/spec");
  auto rest = document;
  rest.erase("/metadata");
  return type.has_status ? rest.erase("/status") : rest;
}

}  // namespace

Json admitted(const ResourceType& type, Json document) {
  check_kind(type, document);
  document.erase("/kind").erase("/apiVersion");
  if (type.has_status) document.erase("/status");
  if (!document.at("/metadata").is_object()) throw bad_request("metadata must be an object");
  for (const char* field : {"uid", "resourceVersion", "creationTimestamp", "generation",
                            "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"}) {
    document.erase(std::string("/metadata/") + field);
  }
  document = defaulted(type, std::move(document));
  add_defaults(type, document);
  validate(type, document);
  return document;
}

Json merged(const StoredObject& stored, const ResourceType& type, Json wanted, bool status_only) {
  const auto& before = stored.document();
  check_kind(type, wanted);
  if (status_only) {
    auto document = before;
    copy(document, wanted, "/status");
    return document;
  }
  wanted.erase("/kind").erase("/apiVersion");
  for (const char* kept :
       {"name", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp",
        "deletionGracePeriodSeconds", "resourceVersion", "generateName"}) {
    copy(wanted, before, std::string("/metadata/") + kept);
  }
  if (type.has_status) copy(wanted, before, "/status");
  wanted = defaulted(type, std::move(wanted));
  const auto generation = before.integer_at("/metadata/generation");
  if (generation && !(specification(type, wanted) == specification(type, before))) {
    wanted.set("/metadata/generation", *generation + 1);
  }
  validate(type, wanted);
  return wanted;
}

void validate(const ResourceType& type, const Json& document) {
  const auto name = document.string_at("/metadata/name");
  if (name.empty()) {
    throw invalid_field(type.qualified_kind(), "", "metadata.name",
                        "Required value: name or generateName is required");
  }
  if (type.kind == "CustomResourceDefinition") parse_definition(document);
  if (!type.has_scale || !document.contains(type.scale.spec_replicas)) return;
  const auto replicas = document.integer_at(type.scale.spec_replicas);
  if (!replicas) throw bad_request(type.kind + ": spec.replicas must be an integer");
  check_replicas(type.qualified_kind(), name, *replicas);
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
