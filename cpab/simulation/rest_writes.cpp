#include "cpab/simulation/rest_writes.h"

#include "cpab/model/json_text.h"
#include "cpab/simulation/field_validation.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/rest_reads.h"
#include "cpab/simulation/yaml.h"

namespace cpab {
namespace {

std::string media_type(const ResourceCall& call) {
  const auto content = call.header_value("Content-Type");
  return std::string(content.substr(0, content.find(';')));
}

/// `kubectl create deployment` and the like send protobuf; `create -f` and `apply` send JSON.
void require_text(const ResourceCall& call) {
  const auto type = media_type(call);
  if (type.find("protobuf") == type.npos && type.find("cbor") == type.npos) return;
  throw ApiError(415, "UnsupportedMediaType",
                 "the simulated API server takes JSON and YAML only, not " + type +
                     "; with kubectl, use `create -f` or `apply`");
}

Json parse_body(std::string_view body, bool yaml) {
  try {
    auto documents = yaml ? yaml_documents(body) : std::vector{Json::parse(body)};
    if (documents.size() == 1 && documents[0].is_object()) return std::move(documents[0]);
  } catch (const JsonError& error) {
    throw bad_request(std::string("the body of the request is not JSON: ") + error.what());
  }
  throw bad_request("the body of the request is not a JSON object");
}

Json body_of(const ResourceCall& call) {
  require_text(call);
  return parse_body(call.request.body, media_type(call).find("yaml") != std::string::npos);
}

WriteMode write_mode(const ResourceCall& call) {
  const auto wanted = call.parameter("dryRun");
  if (wanted.empty()) return WriteMode::real;
  if (wanted == "All") return WriteMode::dry_run;
  throw invalid_field("CreateOptions.meta.k8s.io", "", "dryRun",
                      "Unsupported value: \"" + wanted + R"(": supported values: "All")");
}

/// Without a name of its own, a client goes by the first word of its User-Agent.
std::string field_manager(const ResourceCall& call) {
  const auto named = call.parameter("fieldManager");
  if (!named.empty()) return named;
  const auto agent = call.header_value("User-Agent");
  const auto word = std::string(agent.substr(0, agent.find('/')));
  return word.empty() ? "unknown" : word;
}

WriteOptions write_options(const ResourceCall& call) {
  return {field_manager(call), call.flag("force"), write_mode(call)};
}

std::optional<PatchType> patch_type(const std::string& type) {
  if (type == "application/json-patch+json") return PatchType::json;
  if (type == "application/merge-patch+json") return PatchType::merge;
  if (type == "application/strategic-merge-patch+json") return PatchType::strategic;
  return std::nullopt;
}

/// A DeleteOptions in the body; parameters of the query count as well.
Json delete_options(const ResourceCall& call) {
  auto options = call.request.body.empty() ? Json() : body_of(call);
  for (const char* name : {"propagationPolicy", "dryRun"}) {
    const auto text = call.parameter(name);
    if (!text.empty()) options.set(std::string("/") + name, text);
  }
  if (call.flag("orphanDependents")) options.set("/orphanDependents", true);
  if (!call.parameter("gracePeriodSeconds").empty()) {
    options.set("/gracePeriodSeconds", call.number<std::int64_t>("gracePeriodSeconds", 0));
  }
  return options;
}

WriteMode delete_mode(const Json& options) {
  const bool dry = options.string_at("/dryRun") == "All" || options.string_at("/dryRun/0") == "All";
  return dry ? WriteMode::dry_run : WriteMode::real;
}

/// `write()`, which stores `sent`, in the manner of `fieldValidation`: with Strict, fields that
/// nobody knows are refused; without it they are warned of in the answer.
template <class Write>
ServerResponse with_validation(const ResourceCall& call, const Json& sent, Write write) {
  const auto wanted = call.parameter("fieldValidation");
  const auto problems = wanted == "Ignore" || !call.path.subresource.empty()
                            ? std::vector<std::string>()
                            : field_problems(call.type, sent, call.request.body);
  if (wanted == "Strict" && !problems.empty()) throw strict_decoding_error(call.type, problems);
  ServerResponse response = write();
  for (const auto& problem : problems) {
    response.headers.emplace_back("Warning", "299 - " + json_quote(problem));
  }
  return response;
}

ServerResponse serve_apply(ClusterState& state, const ResourceCall& call, ObjectPart part) {
  auto options = write_options(call);
  options.field_manager = call.parameter("fieldManager");  // it has to be said
  const auto body = parse_body(call.request.body, true);
  return with_validation(call, body, [&] {
    const bool known =
        state.objects().find(call.type, call.path.namespace_name, call.path.name) != nullptr;
    const auto object = apply_object(state, call.place(), part, body, options);
    return object_answer(object, call.type, part, known ? 200 : 201);
  });
}

std::string deleted_text(const ResourceType& type, const StoredObject& object) {
  Json status;
  status.set("/kind", "Status").set("/apiVersion", "v1").set("/metadata", Json());
  status.set("/status", "Success").set("/details/name", object.name());
  if (!type.group.empty()) status.set("/details/group", type.group);
  status.set("/details/kind", type.plural).set("/details/uid", object.uid());
  return status.text() + "\n";
}

}  // namespace

ServerResponse serve_create(ClusterState& state, const ResourceCall& call) {
  const auto body = body_of(call);
  return with_validation(call, body, [&] {
    const auto object =
        create_object(state, call.type, call.path.namespace_name, body, write_options(call));
    return object_answer(object, call.type, ObjectPart::object, 201);
  });
}

ServerResponse serve_replace(ClusterState& state, const ResourceCall& call, ObjectPart part) {
  const auto body = body_of(call);
  return with_validation(call, body, [&] {
    const auto object = replace_object(state, call.place(), part, body, write_options(call));
    return object_answer(object, call.type, part);
  });
}

ServerResponse serve_patch(ClusterState& state, const ResourceCall& call, ObjectPart part) {
  const auto content = media_type(call);
  if (content == "application/apply-patch+yaml") return serve_apply(state, call, part);
  const auto type = patch_type(content);
  if (!type) throw unsupported_media_type();
  const auto sent = type == PatchType::json ? Json() : parse_body(call.request.body, false);
  return with_validation(call, sent, [&] {
    const auto object =
        patch_object(state, call.place(), part, *type, call.request.body, write_options(call));
    return object_answer(object, call.type, part);
  });
}

/// An object that is gone is answered with a Status, one that is about to go with itself.
ServerResponse serve_delete(ClusterState& state, const ResourceCall& call) {
  const auto options = delete_options(call);
  const auto object = delete_object(state, call.place(), options, delete_mode(options));
  if (object->terminating()) return object_answer(object, call.type, ObjectPart::object);
  return json_answer(200, deleted_text(call.type, *object));
}

ServerResponse serve_delete_collection(ClusterState& state, const ResourceCall& call) {
  ListQuery query;
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(call.parameter("fieldSelector"), call.type);
  const auto options = delete_options(call);
  const auto page = list_objects(state, call.type, call.path.namespace_name, query);
  for (const auto& object : page.objects) {
    delete_object(state, {call.type, object->namespace_name(), object->name()}, options,
                  delete_mode(options));
  }
  return json_answer(200, list_text(call.type, page.objects, "{}"));
}

}  // namespace cpab
