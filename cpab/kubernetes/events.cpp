#include "cpab/kubernetes/events.h"

#include "cpab/kubernetes/api_path.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::size_t longest_message = 1'024;

const ApiResource events{{"", "v1"}, "Event", "events", true};

std::string member(const std::string& name, const std::string& value) {
  return json_quote(name) + ":" + json_quote(value);
}

std::string object_text(const KubernetesEvent& event) {
  const ScaleTarget& about = event.about;
  return R"({"apiVersion":"v1","kind":"Event","metadata":{)" + member("name", event.name) + "," +
         member("namespace", about.namespace_name) + R"(},"involvedObject":{)" +
         member("apiVersion", about.api_version) + "," + member("kind", about.kind) + "," +
         member("name", about.name) + "," + member("namespace", about.namespace_name) + "," +
         member("uid", event.uid) + "}," + member("reason", event.reason) + "," +
         member("message", std::string(utf8_prefix(event.message, longest_message))) + "," +
         member("type", event.warning ? "Warning" : "Normal") +
         R"(,"source":{"component":"cpab"},"reportingComponent":"cpab",)" +
         member("firstTimestamp", rfc3339_seconds(event.first)) + "," +
         member("lastTimestamp", rfc3339_seconds(event.last)) +
         ",\"count\":" + std::to_string(event.count) + "}";
}

}  // namespace

void Events::create(const KubernetesEvent& event, const Budget& budget) {
  std::string path = object_path(events, event.about.namespace_name, event.name);
  path.resize(path.rfind('/'));
  rest_.send({.method = "POST",
              .path = path,
              .subject = "events",
              .content_type = "application/json",
              .body = object_text(event)},
             budget, [](std::string_view) { return true; });
}

void Events::update(const KubernetesEvent& event, const Budget& budget) {
  rest_.send({.method = "PATCH",
              .path = object_path(events, event.about.namespace_name, event.name),
              .subject = "events",
              .content_type = "application/merge-patch+json",
              .body = "{\"count\":" + std::to_string(event.count) + "," +
                      member("lastTimestamp", rfc3339_seconds(event.last)) + "}"},
             budget, [](std::string_view) { return true; });
}

}  // namespace cpab
