#include "cpab/config/hpa_list.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "cpab/config/display.h"

namespace cpab {
namespace {

/// The HorizontalPodAutoscalers of a large cluster, with what the API server adds to each.
constexpr DocumentLimits manifest_limits{.bytes = 4u << 20, .nodes = 500'000, .marks = 500'000};

using Hpas = std::vector<std::reference_wrapper<const Node>>;

const Node* member(const Node& node, std::string_view key) {
  const auto found = std::find_if(node.members.begin(), node.members.end(),
                                  [&](const Member& one) { return one.key == key; });
  return found == node.members.end() ? nullptr : &found->value;
}

std::string metadata(const Node& hpa, std::string_view key) {
  const Node* metadata = member(hpa, "metadata");
  return metadata == nullptr ? std::string() : text_member(*metadata, key);
}

std::string name_of(const Node& hpa) { return metadata(hpa, "name"); }

/// As it will be called: without a namespace it becomes one of `default`.
std::string full_name(const Node& hpa) {
  const std::string space = metadata(hpa, "namespace");
  return (space.empty() ? "default" : space) + "/" + name_of(hpa);
}

std::string line_of(const Node& node) { return "line " + std::to_string(node.line); }

/// Who looks for one of several must see all of them.
void refuse_repeats(const Node& list) {
  for (const Member& one : list.members) {
    if (one.earlier_line == 0) continue;
    throw ConversionError("key " + quoted(one.key) + " is there twice (line " +
                          std::to_string(one.earlier_line) + " and line " +
                          std::to_string(one.line) + "); keep one of them");
  }
}

void add_hpas(const Node& object, Hpas& found) {
  const std::string kind = text_member(object, "kind");
  if (kind.empty()) {
    throw ConversionError("what begins in " + line_of(object) +
                          " is no object of Kubernetes: it has no kind; get it with kubectl get "
                          "hpa NAME -o yaml");
  }
  if (kind == "HorizontalPodAutoscaler") found.emplace_back(object);
  if (!kind.ends_with("List")) return;
  refuse_repeats(object);
  const Node* items = member(object, "items");
  if (items == nullptr) return;
  if (items->kind != Node::Kind::list && items->kind != Node::Kind::null) {
    throw ConversionError("items is no list (" + line_of(*items) + ")");
  }
  for (const Node& item : items->elements) add_hpas(item, found);
}

std::vector<Document> documents_in(const std::string& manifest) {
  try {
    std::vector<Document> documents = parse_yaml_documents(manifest, manifest_limits);
    for (const Document& document : documents) {
      if (document.ignored_from_line == 0) continue;
      throw ConversionError("what begins in line " + std::to_string(document.ignored_from_line) +
                            " stands behind the end of its document; put a line --- before it");
    }
    return documents;
  } catch (const DocumentError& error) {
    throw ConversionError("the manifest is neither YAML nor JSON: " + escaped(error.what()));
  }
}

std::string names_of(const Hpas& hpas) {
  std::string names;
  for (const Node& hpa : hpas) names += (names.empty() ? "" : ", ") + escaped(full_name(hpa));
  return names;
}

/// `hpas` are all that are called `name`.
[[noreturn]] void fail_ambiguous(const std::string& name, const Hpas& hpas) {
  const Node& first = hpas[0];
  for (const Node& other : Hpas(hpas.begin() + 1, hpas.end())) {
    if (full_name(first) != full_name(other)) continue;
    throw ConversionError("HorizontalPodAutoscaler " + escaped(full_name(first)) +
                          " is there twice (" + line_of(first) + " and " + line_of(other) +
                          "); keep one of them");
  }
  throw ConversionError("there are several" + (name.empty() ? "" : " called " + escaped(name)) +
                        "; choose one with --name NAMESPACE/NAME: " + names_of(hpas));
}

}  // namespace

std::string text_member(const Node& node, std::string_view key) {
  const Node* value = member(node, key);
  return value != nullptr && value->kind == Node::Kind::string ? value->text : std::string();
}

Node chosen_hpa(const std::string& manifest, const std::string& name) {
  const std::vector<Document> documents = documents_in(manifest);
  Hpas all;
  for (const Document& document : documents) {
    if (document.root.kind != Node::Kind::null) add_hpas(document.root, all);
  }
  if (all.empty()) {
    throw ConversionError(
        "there is no HorizontalPodAutoscaler in the manifest; get one with "
        "kubectl get hpa NAME -o yaml");
  }
  Hpas called;
  std::copy_if(all.begin(), all.end(), std::back_inserter(called), [&](const Node& hpa) {
    return name.empty() || name == name_of(hpa) || name == full_name(hpa);
  });
  if (called.size() == 1) return called[0];
  if (called.empty()) {
    throw ConversionError("there is no HorizontalPodAutoscaler " + escaped(name) +
                          ", but: " + names_of(all));
  }
  fail_ambiguous(name, called);
}

}  // namespace cpab
