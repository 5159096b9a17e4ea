#include "cpab/simulation/table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "cpab/simulation/json_path.h"
#include "cpab/simulation/selectors.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

using Cell = std::function<Json(const StoredObject&, WallTime)>;

struct Column {
  std::string name;
  std::string type;
  std::int32_t priority = 0;  ///< 0: always; 1: with `-o wide`
  Cell cell;
  std::string format;
  std::string description;
};

Json text_value(const std::string& text) { return Json().set("", text); }

/// How long ago an RFC 3339 time was; none when it is no time.
std::optional<std::chrono::seconds> age_of(const std::string& time, WallTime now) {
  std::array<int, 6> part{};
  if (std::sscanf(time.c_str(), "%d-%d-%dT%d:%d:%d", &part[0], &part[1], &part[2], &part[3],
                  &part[4], &part[5]) != 6) {
    return std::nullopt;
  }
  using namespace std::chrono;
  const auto day = year(part[0]) / month(static_cast<unsigned>(part[1])) /
                   std::chrono::day(static_cast<unsigned>(part[2]));
  const auto clock = sys_days(day) + hours(part[3]) + minutes(part[4]) + seconds(part[5]);
  return std::max(seconds(0), duration_cast<seconds>(now - clock));
}

std::string age_text(const std::string& time, WallTime now) {
  const auto age = age_of(time, now);
  return age ? human_duration(*age) : "<unknown>";
}

Column column(const char* name, const char* type, std::int32_t priority, Cell cell) {
  return {name, type, priority, std::move(cell), name == std::string("Name") ? "name" : "", ""};
}

Column text_column(const char* name, const char* pointer, std::int32_t priority = 0) {
  return column(name, "string", priority, [pointer](const StoredObject& object, WallTime) {
    const auto text = object.document().string_at(pointer);
    return text_value(text.empty() ? "<none>" : text);
  });
}

/// The number of members of an object or elements of a list.
Column size_column(const char* name, const char* pointer) {
  return column(name, "string", 0, [pointer](const StoredObject& object, WallTime) {
    return Json().set("", static_cast<std::int64_t>(object.document().at(pointer).tree().size()));
  });
}

Column count_column(const char* name, const char* pointer) {
  return column(name, "integer", 0, [pointer](const StoredObject& object, WallTime) {
    return Json().set("", object.document().integer_at(pointer).value_or(0));
  });
}

Column name_column() { return text_column("Name", "/metadata/name"); }

/// How long ago the time at `pointer` was.
Column age_column(const char* name = "Age", const char* pointer = "/metadata/creationTimestamp") {
  return column(name, "string", 0, [pointer](const StoredObject& object, WallTime now) {
    return text_value(age_text(object.document().string_at(pointer), now));
  });
}

/// `2/3`: ready of wanted.
Column ready_column() {
  return column("Ready", "string", 0, [](const StoredObject& object, WallTime) {
    const auto ready = object.document().integer_at("/status/readyReplicas").value_or(0);
    return text_value(std::to_string(ready) + "/" + std::to_string(wanted_replicas(object)));
  });
}

Column selector_column() {
  return column("Selector", "string", 1, [](const StoredObject& object, WallTime) {
    return text_value(selector_as_text(object.document().at("/spec/selector")));
  });
}

Column containers_ready_column() {
  return column("Ready", "string", 0, [](const StoredObject& pod, WallTime) {
    std::size_t ready = 0;
    for (const auto& status : pod.document().elements_at("/status/containerStatuses")) {
      ready += status.at("/ready") == Json::parse("true") ? 1 : 0;
    }
    const auto all = pod.document().elements_at("/spec/containers").size();
    return text_value(std::to_string(ready) + "/" + std::to_string(all));
  });
}

Column pod_status_column() {
  return column("Status", "string", 0, [](const StoredObject& pod, WallTime) {
    if (pod.terminating()) return text_value("Terminating");
    const auto waiting =
        pod.document().string_at("/status/containerStatuses/0/state/waiting/reason");
    return text_value(waiting.empty() ? pod.document().string_at("/status/phase") : waiting);
  });
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

/// `80/TCP,443/TCP`.
Column service_ports_column() {
  return column("Port(s)", "string", 0, [](const StoredObject& service, WallTime) {
    std::string text;
    for (const auto& port : service.document().elements_at("/spec/ports")) {
      const auto protocol = port.string_at("/protocol");
      text += (text.empty() ? "" : ",") + std::to_string(port.integer_at("/port").value_or(0)) +
              "/" + (protocol.empty() ? "TCP" : protocol);
    }
    return text_value(text.empty() ? "<none>" : text);
  });
}

/// `pod/web-0`.
Column event_object_column() {
  return column("Object", "string", 0, [](const StoredObject& event, WallTime) {
    auto kind = event.document().string_at("/involvedObject/kind");
    std::transform(kind.begin(), kind.end(), kind.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text_value(kind + "/" + event.document().string_at("/involvedObject/name"));
  });
}

std::vector<Column> event_columns() {
  return {
      age_column("Last Seen", "/lastTimestamp"), text_column("Type", "/type"),
      text_column("Reason", "/reason"),          event_object_column(),
      text_column("Message", "/message"),        column("Name", "string", 1, name_column().cell)};
}

std::vector<Column> autoscaler_columns() {
  const auto reference = [](const StoredObject& object, WallTime) {
    return text_value(object.document().string_at("/spec/scaleTargetRef/kind") + "/" +
                      object.document().string_at("/spec/scaleTargetRef/name"));
  };
  return {name_column(),
          column("Reference", "string", 0, reference),
          count_column("MinPods", "/spec/minReplicas"),
          count_column("MaxPods", "/spec/maxReplicas"),
          count_column("Replicas", "/status/currentReplicas"),
          age_column()};
}

std::vector<Column> deployment_columns() {
  return {name_column(),
          ready_column(),
          count_column("Up-to-date", "/status/updatedReplicas"),
          count_column("Available", "/status/availableReplicas"),
          age_column(),
          selector_column()};
}

std::vector<Column> service_columns() {
  return {name_column(),
          text_column("Type", "/spec/type"),
          text_column("Cluster-IP", "/spec/clusterIP"),
          service_ports_column(),
          age_column(),
          selector_column()};
}

Column created_at_column() { return text_column("Created At", "/metadata/creationTimestamp"); }

const std::map<std::string, std::vector<Column>>& columns_by_kind() {
  static const std::map<std::string, std::vector<Column>> columns{
      {"ClusterRole", {name_column(), created_at_column()}},
      {"ClusterRoleBinding", {name_column(), text_column("Role", "/roleRef/name"), age_column()}},
      {"ConfigMap", {name_column(), size_column("Data", "/data"), age_column()}},
      {"CustomResourceDefinition", {name_column(), created_at_column()}},
      {"Deployment", deployment_columns()},
      {"Event", event_columns()},
      {"HorizontalPodAutoscaler", autoscaler_columns()},
      {"Lease", {name_column(), text_column("Holder", "/spec/holderIdentity"), age_column()}},
      {"Namespace", {name_column(), text_column("Status", "/status/phase"), age_column()}},
      {"Pod", pod_columns()},
      {"ReplicaSet", replica_set_columns()},
      {"ReplicationController", replica_set_columns()},
      {"Role", {name_column(), created_at_column()}},
      {"RoleBinding", {name_column(), text_column("Role", "/roleRef/name"), age_column()}},
      {"Secret",
       {name_column(), text_column("Type", "/type"), size_column("Data", "/data"), age_column()}},
      {"Service", service_columns()},
      {"ServiceAccount", {name_column(), size_column("Secrets", "/secrets"), age_column()}},
      {"StatefulSet", {name_column(), ready_column(), age_column()}},
  };
  return columns;
}

/// What a CustomResourceDefinition asks to be shown. A value that is not there is null.
Json custom_cell(const PrinterColumn& column, const StoredObject& object, WallTime now) {
  const auto found = find_path(object.document(), column.json_path);
  if (found.empty()) return Json::parse("null");
  const auto& value = found.front();
  if (column.type == "date") return text_value(age_text(value.string_at(""), now));
  if (column.type != "string" || value.tree().is_string()) return value;
  return text_value(value.text());
}

std::vector<Column> custom_columns(const ResourceType& type) {
  std::vector<Column> columns{name_column()};
  for (const auto& each : type.columns) {
    columns.push_back({each.name, each.type, each.priority,
                       [each](const StoredObject& object, WallTime now) {
                         return custom_cell(each, object, now);
                       },
                       each.format, each.description});
  }
  if (type.columns.empty()) columns.push_back(age_column());
  return columns;
}

std::vector<Column> columns_of(const ResourceType& type) {
  if (type.custom) return custom_columns(type);
  const auto known = columns_by_kind().find(type.kind);
  return known == columns_by_kind().end() ? std::vector{name_column(), age_column()}
                                          : known->second;
}

Json definitions(const std::vector<Column>& columns) {
  Json list = Json::parse("[]");
  for (const auto& column : columns) {
    Json entry;
    entry.set("/name", column.name).set("/type", column.type).set("/format", column.format);
    entry.set("/description", column.description).set("/priority", column.priority);
    list.set("/-", entry);
  }
  return list;
}

std::string row_object_text(const StoredObject& object, const ResourceType& type,
                            RowObject wanted) {
  if (wanted == RowObject::whole) return object.text(type);
  return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":)" +
         object.document().at("/metadata").text() + "}";
}

std::string row_text(const StoredObject& object, const ResourceType& type,
                     const std::vector<Column>& columns, RowObject row_object, WallTime now) {
  Json cells = Json::parse("[]");
  for (const auto& column : columns) cells.set("/-", column.cell(object, now));
  std::string row = R"({"cells":)" + cells.text();
  if (row_object != RowObject::none)
    row += R"(,"object":)" + row_object_text(object, type, row_object);
  return row + "}";
}

}  // namespace

bool wants_table(std::string_view accept) { return accept.find("as=Table") != accept.npos; }

std::string table_text(const ResourceType& type, const std::vector<Object>& objects,
                       RowObject row_object, const std::string& list_meta, WallTime now) {
  const auto columns = columns_of(type);
  std::string rows;
  for (const auto& object : objects) {
    rows += (rows.empty() ? "" : ",") + row_text(*object, type, columns, row_object, now);
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
