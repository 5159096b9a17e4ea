#include "cpab/simulation/table.h"

#include <array>
#include <cstdio>
#include <functional>

#include "cpab/simulation/selectors.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

using Cell = std::function<Json(const StoredObject&, WallTime)>;

struct Column {
  const char* name;
  const char* type;  ///< `string` or `integer`
  int priority;      ///< 0: always; 1: with `-o wide`
  Cell cell;
};

Json text_value(const std::string& text) { return Json().set("", text); }

std::chrono::seconds age(const StoredObject& object, WallTime now) {
  const auto created = object.document().string_at("/metadata/creationTimestamp");
  std::array<int, 6> part{};
  if (std::sscanf(created.c_str(), "%d-%d-%dT%d:%d:%d", &part[0], &part[1], &part[2], &part[3],
                  &part[4], &part[5]) != 6) {
    return std::chrono::seconds(0);
  }
  using namespace std::chrono;
  const auto day = year(part[0]) / month(static_cast<unsigned>(part[1])) /
                   std::chrono::day(static_cast<unsigned>(part[2]));
  const auto time = sys_days(day) + hours(part[3]) + minutes(part[4]) + seconds(part[5]);
  return std::max(seconds(0), duration_cast<seconds>(now - time));
}

Column text_column(const char* name, const char* pointer, int priority = 0) {
  return {name, "string", priority, [pointer](const StoredObject& object, WallTime) {
            const auto text = object.document().string_at(pointer);
            return text_value(text.empty() ? "<none>" : text);
          }};
}

Column count_column(const char* name, const char* pointer) {
  return {name, "integer", 0, [pointer](const StoredObject& object, WallTime) {
            return Json().set("", object.document().integer_at(pointer).value_or(0));
          }};
}

Column name_column() { return text_column("Name", "/metadata/name"); }

Column age_column() {
  return {"Age", "string", 0, [](const StoredObject& object, WallTime now) {
            return text_value(human_duration(age(object, now)));
          }};
}

/// `2/3`: ready of wanted.
Column ready_column() {
  return {
      "Ready", "string", 0, [](const StoredObject& object, WallTime) {
        const auto ready = object.document().integer_at("/status/readyReplicas").value_or(0);
        return text_value(std::to_string(ready) + "/" + std::to_string(wanted_replicas(object)));
      }};
}

Column selector_column() {
  return {"Selector", "string", 1, [](const StoredObject& object, WallTime) {
            return text_value(selector_as_text(object.document().at("/spec/selector")));
          }};
}

Column containers_ready_column() {
  return {"Ready", "string", 0, [](const StoredObject& pod, WallTime) {
            std::size_t ready = 0;
            for (const auto& status : pod.document().elements_at("/status/containerStatuses")) {
              ready += status.at("/ready") == Json::parse("true") ? 1 : 0;
            }
            const auto all = pod.document().elements_at("/spec/containers").size();
            return text_value(std::to_string(ready) + "/" + std::to_string(all));
          }};
}

Column pod_status_column() {
  return {
      "Status", "string", 0, [](const StoredObject& pod, WallTime) {
        if (pod.terminating()) return text_value("Terminating");
        const auto waiting =
            pod.document().string_at("/status/containerStatuses/0/state/waiting/reason");
        return text_value(waiting.empty() ? pod.document().string_at("/status/phase") : waiting);
      }};
}

std::vector<Column> replica_set_columns() {
  return {name_column(),
          count_column("Desired", "/spec/replicas"),
          count_column("Current", "/status/replicas"),
          count_column("Ready", "/status/readyReplicas"),
          age_column(),
          selector_column()};
}

std::vector<Column> pod_columns() {
  return {name_column(),
          containers_ready_column(),
          pod_status_column(),
          count_column("Restarts", "/status/containerStatuses/0/restartCount"),
          age_column(),
          text_column("IP", "/status/podIP", 1),
          text_column("Node", "/spec/nodeName", 1)};
}

std::vector<Column> columns_of(const ResourceType& type) {
  const auto& kind = type.kind;
  if (kind == "Pod") return pod_columns();
  if (kind == "Deployment") {
    return {name_column(),
            ready_column(),
            count_column("Up-to-date", "/status/updatedReplicas"),
            count_column("Available", "/status/availableReplicas"),
            age_column(),
            selector_column()};
  }
  if (kind == "StatefulSet") return {name_column(), ready_column(), age_column()};
  if (type.has_scale) return replica_set_columns();
  if (kind == "Namespace") {
    return {name_column(), text_column("Status", "/status/phase"), age_column()};
  }
  return {name_column(), age_column()};
}

Json definitions(const std::vector<Column>& columns) {
  Json list = Json::parse("[]");
  for (const auto& column : columns) {
    const bool is_name = std::string_view(column.name) == "Name";
    Json entry;
    entry.set("/name", column.name).set("/type", column.type);
    entry.set("/format", is_name ? "name" : "").set("/description", "");
    list.set("/-", entry.set("/priority", column.priority));
  }
  return list;
}

std::string row_object_text(const StoredObject& object, RowObject wanted) {
  if (wanted == RowObject::whole) return object.text();
  return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":)" +
         object.document().at("/metadata").text() + "}";
}

std::string row_text(const StoredObject& object, const std::vector<Column>& columns,
                     RowObject row_object, WallTime now) {
  Json cells = Json::parse("[]");
  for (const auto& column : columns) cells.set("/-", column.cell(object, now));
  std::string row = R"({"cells":)" + cells.text();
  if (row_object != RowObject::none) row += R"(,"object":)" + row_object_text(object, row_object);
  return row + "}";
}

}  // namespace

bool wants_table(std::string_view accept) { return accept.find("as=Table") != accept.npos; }

std::string table_text(const ResourceType& type, const std::vector<Object>& objects,
                       RowObject row_object, const std::string& list_meta, WallTime now) {
  const auto columns = columns_of(type);
  std::string rows;
  for (const auto& object : objects) {
    rows += (rows.empty() ? "" : ",") + row_text(*object, columns, row_object, now);
  }
  return R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":)" + list_meta +
         R"(,"columnDefinitions":)" + definitions(columns).text() + R"(,"rows":[)" + rows + "]}";
}

std::string human_duration(std::chrono::seconds time) {
  const auto seconds = time.count();
  const auto minutes = seconds / 60;
  const auto hours = minutes / 60;
  const auto days = hours / 24;
  const auto pair = [](auto large, const char* unit, auto small, const char* small_unit) {
    std::string text = std::to_string(large) + unit;
    return small == 0 ? text : text + std::to_string(small) + small_unit;
  };
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return std::to_string(minutes) + "m";
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  if (days < 8) return pair(days, "d", hours % 24, "h");
  return std::to_string(days) + "d";
}

}  // namespace cpab
