#include "cpab/simulation/rest_reads.h"

#include "cpab/model/json_text.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/scale_document.h"
#include "cpab/simulation/simulated_cluster.h"
#include "cpab/simulation/table.h"
#include "cpab/simulation/watch.h"

namespace cpab {
namespace {

RowObject row_object(const ResourceCall& call) {
  const auto wanted = call.parameter("includeObject");
  if (wanted == "None") return RowObject::none;
  return wanted == "Object" ? RowObject::whole : RowObject::metadata;
}

ApiError invalid_options(const std::string& field, const std::string& problem) {
  return invalid_field("ListOptions.meta.k8s.io", "", field, problem);
}

void check_version_options(const ResourceCall& call) {
  const auto match = call.parameter("resourceVersionMatch");
  const auto version = call.parameter("resourceVersion");
  if (match.empty()) return;
  if (call.parameter("sendInitialEvents").empty() && version.empty()) {
    throw invalid_options("resourceVersionMatch",
                          "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is "
                          "provided");
  }
  if (match != "Exact" && match != "NotOlderThan") {
    throw invalid_options(
        "resourceVersionMatch",
        "Unsupported value: \"" + match + R"(": supported values: "Exact", "NotOlderThan")");
  }
  if (match == "Exact" && version == "0") {
    throw invalid_options("resourceVersionMatch",
                          R"(Forbidden: resourceVersionMatch "Exact" is forbidden for )"
                          R"(resourceVersion "0")");
  }
}

/// The resourceVersion a read asks for; 0 when it does not care. The future is not known yet.
std::uint64_t wanted_version(const ResourceCall& call, const ClusterState& state) {
  const auto version = call.number<std::uint64_t>("resourceVersion", 0);
  const auto current = state.objects().version();
  if (version > current) throw too_large_version(version, current);
  return version;
}

/// A limit makes the version exact, too, unless the request says otherwise.
std::optional<std::uint64_t> exact_version(const ResourceCall& call, const ClusterState& state) {
  check_version_options(call);
  const auto version = wanted_version(call, state);
  const auto match = call.parameter("resourceVersionMatch");
  const bool limited = call.number<std::size_t>("limit", 0) > 0;
  const bool exact = match == "Exact" || (match.empty() && limited);
  return exact && version != 0 ? std::optional(version) : std::nullopt;
}

ListQuery list_query(const ClusterState& state, const ResourceCall& call) {
  ListQuery query;
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(call.parameter("fieldSelector"), call.type);
  query.limit = call.number<std::size_t>("limit", 0);
  query.continue_token = call.parameter("continue");
  if (query.continue_token.empty()) query.version = exact_version(call, state);
  return query;
}

std::string list_meta(const ListPage& page, bool selective) {
  Json meta;
  meta.set("/resourceVersion", std::to_string(page.version));
  if (!page.continue_token.empty()) {
    meta.set("/continue", page.continue_token);
    if (!selective) {
      meta.set("/remainingItemCount", static_cast<std::int64_t>(page.remaining));
    }
  }
  return meta.text();
}

std::string scale_text(const StoredObject& workload) {
  return R"({"kind":"Scale","apiVersion":"autoscaling/v1",)" + scale_of(workload).text().substr(1) +
         "\n";
}

WatchQuery watch_query(const ClusterState& state, const ResourceCall& call) {
  const auto& name = call.path.name;
  WatchQuery query{call.type, call.path.namespace_name, {}, {}, {}};
  query.labels = ParsedSelector::parse(call.parameter("labelSelector"));
  query.fields = FieldSelector::parse(
      name.empty() ? call.parameter("fieldSelector") : "metadata.name=" + name, call.type);
  check_version_options(call);
  const auto since = call.number<std::uint64_t>("resourceVersion", 0);
  const auto initial = call.parameter("sendInitialEvents");
  if (since != 0 && initial != "true") query.since = since;
  if (since == 0 && initial == "false") query.since = state.objects().version();
  query.bookmarks = call.flag("allowWatchBookmarks");
  query.marks_end_of_current = query.bookmarks && initial == "true";
  query.bookmark_interval = state.options().watch_bookmark_interval;
  query.timeout = std::chrono::seconds(call.number<std::int32_t>("timeoutSeconds", 1800));
  query.as_table = wants_table(call.accept());
  query.row_object = row_object(call);
  return query;
}

}  // namespace

std::string list_text(const ResourceType& type, const std::vector<Object>& objects,
                      const std::string& meta) {
  std::string text = R"({"kind":)" + json_quote(type.name_of_list()) + R"(,"apiVersion":)" +
                     json_quote(type.api_version()) + R"(,"metadata":)" + meta + R"(,"items":[)";
  bool first = true;
  for (const auto& object : objects) {
    if (!std::exchange(first, false)) text += ',';
    if (type.custom) {
      text += object->text(type);  // items of built-in types have no kind of their own
    } else {
      text.append("{").append(object->members_text());
    }
  }
  return text + "]}\n";
}

ServerResponse serve_list(ClusterState& state, const ResourceCall& call) {
  const auto query = list_query(state, call);
  const auto page = list_objects(state, call.type, call.path.namespace_name, query);
  const auto meta = list_meta(page, !query.labels.empty() || !query.fields.empty());
  if (wants_table(call.accept())) {
    return json_answer(200,
                       table_text(call.type, page.objects, row_object(call), meta, state.now()));
  }
  return json_answer(200, list_text(call.type, page.objects, meta));
}

ServerResponse object_answer(const Object& object, const ResourceType& type, ObjectPart part,
                             int status) {
  return json_answer(status,
                     part == ObjectPart::scale ? scale_text(*object) : object->text(type) + "\n");
}

ServerResponse serve_get(ClusterState& state, const ResourceCall& call, ObjectPart part) {
  wanted_version(call, state);
  const auto object = get_object(state, call.place());
  if (part != ObjectPart::scale && wants_table(call.accept())) {
    const auto meta = Json().set("/resourceVersion", std::to_string(object->version())).text();
    return json_answer(200, table_text(call.type, {object}, row_object(call), meta, state.now()));
  }
  return object_answer(object, call.type, part);
}

ServerResponse serve_watch(SimulatedCluster& cluster, ClusterState& state,
                           const ResourceCall& call) {
  auto response = json_answer(200, "");
  response.stream = watch_stream(cluster, watch_query(state, call));
  return response;
}

}  // namespace cpab
