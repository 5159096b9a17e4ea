#include "cpab/simulation/list_rule.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;

const std::map<std::string, std::vector<std::string>, std::less<>>& map_keys() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> keys{
      {"conditions", {"type"}},
      {"containers", {"name"}},
      {"env", {"name"}},
      {"ephemeralContainers", {"name"}},
      {"hostAliases", {"ip"}},
      {"imagePullSecrets", {"name"}},
      {"initContainers", {"name"}},
      {"ownerReferences", {"uid"}},
      {"podIPs", {"ip"}},
      {"secrets", {"name"}},
      {"topologySpreadConstraints", {"topologyKey", "whenUnsatisfiable"}},
      {"volumeDevices", {"devicePath"}},
      {"volumeMounts", {"mountPath"}},
      {"volumes", {"name"}},
  };
  return keys;
}

/// Ports of containers and of services are known by different members.
std::vector<std::string> port_keys(const Tree& list) {
  const bool of_container =
      !list.empty() && list.front().is_object() && list.front().contains("containerPort");
  return {of_container ? "containerPort" : "port", "protocol"};
}

}  // namespace

ListRule list_rule(std::string_view field, const Tree& list) {
  if (field == "finalizers") return {ListRule::Kind::set, {}};
  ListRule rule{ListRule::Kind::map, {}};
  if (field == "ports") rule.keys = port_keys(list);
  if (const auto found = map_keys().find(field); found != map_keys().end()) {
    rule.keys = found->second;
  }
  const bool named = std::all_of(list.begin(), list.end(), [&](const Tree& element) {
    return !element_key(rule, element).is_null();
  });
  return rule.keys.empty() || !named ? ListRule{} : rule;
}

bool is_atomic_object(std::string_view field) {
  constexpr std::array<std::string_view, 9> atomic{
      "configMapKeyRef", "fieldRef",     "involvedObject", "nodeSelector",  "resourceFieldRef",
      "roleRef",         "secretKeyRef", "selector",       "scaleTargetRef"};
  return std::find(atomic.begin(), atomic.end(), field) != atomic.end();
}

Tree element_key(const ListRule& rule, const Tree& element) {
  auto key = Tree::object();
  if (!element.is_object()) return nullptr;
  for (const auto& name : rule.keys) {
    if (element.contains(name)) {
      key[name] = element.at(name);
    } else if (name == "protocol") {
      key[name] = "TCP";
    } else {
      return nullptr;
    }
  }
  return key;
}

}  // namespace cpab
