#include "cpab/simulation/openapi_documents.h"

#include <array>
#include <string>

#include "cpab/simulation/json.h"
#include "cpab/simulation/json_answer.h"

namespace cpab {
namespace {

constexpr const char* title = "Kubernetes (simulated)";
constexpr const char* version = "v1.32.0";
constexpr std::array patch_parameters{"dryRun", "fieldManager", "fieldValidation", "force"};
/// Clients ask for `...spec.v2@v1.0+protobuf`, which is no media type by the book; this one is.
constexpr const char* protobuf_type = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// `apis/apps/v1`: how the index names a group version.
std::string index_name(const ResourceType& type) {
  return (type.group.empty() ? "api/" : "apis/") + type.api_version();
}

std::string object_path(const ResourceType& type) {
  return "/" + index_name(type) + (type.namespaced ? "/namespaces/{namespace}/" : "/") +
         type.plural + "/{name}";
}

Json with_info(const char* member, const char* specification) {
  Json document;
  document.set(std::string("/") + member, specification);
  document.set("/info/title", title).set("/info/version", version);
  return document.set("/paths", Json());
}

/// Escaped as one part of a JSON pointer.
std::string escaped(const std::string& path) {
  std::string result;
  for (const char c : path) result += c == '/' ? "~1" : std::string(1, c);
  return result;
}

Json kind_of(const ResourceType& type) {
  return Json().set("/group", type.group).set("/version", type.version).set("/kind", type.kind);
}

Json query_parameter(const char* name) {
  return Json().set("/name", name).set("/in", "query").set("/schema/type", "string");
}

Json patch_operation(const ResourceType& type) {
  Json operation;
  operation.set("/parameters", Json::parse("[]"));
  for (const char* name : patch_parameters) {
    operation.set("/parameters/-", query_parameter(name));
  }
  operation.set("/responses/200/description", "OK");
  operation.set("/x-kubernetes-action", "patch");
  return operation.set("/x-kubernetes-group-version-kind", kind_of(type));
}

Json index_document(const ResourceCatalog& catalog) {
  Json document;
  document.set("/paths", Json());
  for (const auto* type : catalog.served()) {
    const auto name = index_name(*type);
    document.set("/paths/" + escaped(name) + "/serverRelativeURL", "/openapi/v3/" + name);
  }
  return document;
}

/// None when nothing of that name is served.
std::optional<Json> group_version_document(const ResourceCatalog& catalog, std::string_view name) {
  auto document = with_info("openapi", "3.0.0");
  bool found = false;
  for (const auto* type : catalog.served()) {
    if (index_name(*type) != name) continue;
    found = true;
    document.set("/paths/" + escaped(object_path(*type)) + "/patch", patch_operation(*type));
  }
  return found ? std::optional(std::move(document)) : std::nullopt;
}

// --- The version 2 document in the only form that old versions of kubectl read: the protobuf
// message openapi.v2.Document. The numbers are those of its fields.

std::string protobuf_length(std::size_t length) {
  std::string bytes;
  for (; length > 127; length >>= 7) bytes += static_cast<char>(length % 128 + 128);
  return bytes + static_cast<char>(length);
}

/// A field that holds a text or a message.
std::string protobuf_field(int number, const std::string& content) {
  return static_cast<char>(number * 8 + 2) + protobuf_length(content.size()) + content;
}

std::string protobuf_query_parameter(const char* name) {
  const auto query = protobuf_field(2, "query") + protobuf_field(4, name);
  constexpr int parameter = 1, non_body = 2, query_schema = 3;
  return protobuf_field(parameter, protobuf_field(non_body, protobuf_field(query_schema, query)));
}

std::string protobuf_path(const ResourceType& type) {
  constexpr int parameters = 8, extension = 13, patch = 8, yaml = 2;
  std::string operation;
  for (const char* name : patch_parameters) {
    operation += protobuf_field(parameters, protobuf_query_parameter(name));
  }
  operation +=
      protobuf_field(extension, protobuf_field(1, "x-kubernetes-group-version-kind") +
                                    protobuf_field(2, protobuf_field(yaml, kind_of(type).text())));
  return protobuf_field(1, object_path(type)) + protobuf_field(2, protobuf_field(patch, operation));
}

std::string protobuf_document(const ResourceCatalog& catalog) {
  constexpr int swagger = 1, info = 2, paths = 8, path = 2;
  std::string list;
  for (const auto* type : catalog.served()) list += protobuf_field(path, protobuf_path(*type));
  return protobuf_field(swagger, "2.0") +
         protobuf_field(info, protobuf_field(1, title) + protobuf_field(2, version)) +
         protobuf_field(paths, list);
}

/// The same for those who read JSON.
std::string version_2_document(const ResourceCatalog& catalog) {
  auto document = with_info("swagger", "2.0");
  for (const auto* type : catalog.served()) {
    document.set("/paths/" + escaped(object_path(*type)) + "/patch", patch_operation(*type));
  }
  return document.text();
}

}  // namespace

std::optional<ServerResponse> serve_openapi(const ResourceCatalog& catalog,
                                            const ServerRequest& request) {
  constexpr std::string_view below = "/openapi/v3/";
  const auto path = request.path();
  if (path == "/openapi/v2") {
    const bool protobuf =
        header(request.headers, "Accept").find("protobuf") != std::string_view::npos;
    return protobuf ? json_answer(200, protobuf_document(catalog), protobuf_type)
                    : json_answer(200, version_2_document(catalog));
  }
  if (path == "/openapi/v3") return json_answer(200, index_document(catalog).text());
  if (!path.starts_with(below)) return std::nullopt;
  const auto document = group_version_document(catalog, path.substr(below.size()));
  if (!document) return std::nullopt;
  return json_answer(200, document->text());
}

}  // namespace cpab
