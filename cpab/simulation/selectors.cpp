#include "cpab/simulation/selectors.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace cpab {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Splits at commas outside of parentheses; empty text has no parts.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] != ',' || depth > 0) continue;
    parts.push_back(trim(text.substr(start, i - start)));
    start = i + 1;
  }
  if (!trim(text).empty()) parts.push_back(trim(text.substr(start)));
  return parts;
}

[[noreturn]] void refuse(std::string_view text) {
  throw SelectorError("unable to parse requirement: " + std::string(text));
}

/// A label key or value: letters, digits, `-`, `_`, `.` and, in keys, one `/`.
std::string checked(std::string_view part, std::string_view whole, bool may_be_empty) {
  const auto word = trim(part);
  const bool fine = std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
  });
  if (!fine || (word.empty() && !may_be_empty)) refuse(whole);
  return std::string(word);
}

std::vector<std::string> set_values(std::string_view text, std::string_view whole) {
  const auto list = trim(text);
  if (list.size() < 2 || list.front() != '(' || list.back() != ')') refuse(whole);
  std::vector<std::string> values;
  for (const auto part : split(list.substr(1, list.size() - 2))) {
    values.push_back(checked(part, whole, true));
  }
  return values;
}

/// The words differ between types with fields of their own and those without, as in Kubernetes.
void require_selectable(std::string_view field, const ResourceType& type) {
  const auto& fields = type.selectable_fields;
  if (field == "metadata.name" || (field == "metadata.namespace" && type.namespaced)) return;
  if (std::find(fields.begin(), fields.end(), field) != fields.end()) return;
  const std::string name(field);
  if (!fields.empty() || type.custom) throw SelectorError("field label not supported: " + name);
  throw SelectorError("\"" + name +
                      R"(" is not a known field selector: only "metadata.name", )"
                      R"("metadata.namespace")");
}

/// Numbers and booleans are compared as they are written.
std::string text_at(const Json& object, const std::string& pointer) {
  const auto text = object.string_at(pointer);
  return text.empty() && object.contains(pointer) && !object.at(pointer).tree().is_string()
             ? object.at(pointer).text()
             : text;
}

std::string pointer_of(std::string_view field) {
  std::string pointer = "/" + std::string(field);
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

std::string expression_text(const Json& expression) {
  const auto key = expression.string_at("/key");
  const auto op = expression.string_at("/operator");
  if (op == "Exists") return key;
  if (op == "DoesNotExist") return "!" + key;
  std::vector<std::string> values;
  for (const auto& value : expression.elements_at("/values")) values.push_back(value.string_at(""));
  std::sort(values.begin(), values.end());
  std::string list;
  for (const auto& value : values) list += (list.empty() ? "" : ",") + value;
  return key + (op == "In" ? " in (" : " notin (") + list + ")";
}

}  // namespace

ParsedSelector ParsedSelector::parse(std::string_view text) {
  ParsedSelector selector;
  for (const auto part : split(text)) selector.requirements_.push_back(parse_requirement(part));
  return selector;
}

ParsedSelector::Requirement ParsedSelector::parse_requirement(std::string_view text) {
  if (!text.empty() && text.front() == '!') {
    return {checked(text.substr(1), text, false), Operator::does_not_exist, {}};
  }
  if (const auto at = text.find("!="); at != text.npos) {
    return {checked(text.substr(0, at), text, false),
            Operator::not_in,
            {checked(text.substr(at + 2), text, true)}};
  }
  if (const auto at = text.find('='); at != text.npos) {
    const auto value = text.substr(text.compare(at, 2, "==") == 0 ? at + 2 : at + 1);
    return {checked(text.substr(0, at), text, false), Operator::in, {checked(value, text, true)}};
  }
  if (const auto at = text.find(" notin"); at != text.npos) {
    return {checked(text.substr(0, at), text, false), Operator::not_in,
            set_values(text.substr(at + 6), text)};
  }
  if (const auto at = text.find(" in"); at != text.npos) {
    return {checked(text.substr(0, at), text, false), Operator::in,
            set_values(text.substr(at + 3), text)};
  }
  return {checked(text, text, false), Operator::exists, {}};
}

bool ParsedSelector::matches(const std::map<std::string, std::string>& labels) const {
  return std::all_of(requirements_.begin(), requirements_.end(), [&](const Requirement& wanted) {
    const auto label = labels.find(wanted.key);
    const bool present = label != labels.end();
    const auto& values = wanted.values;
    const bool listed =
        present && std::find(values.begin(), values.end(), label->second) != values.end();
    switch (wanted.op) {
      case Operator::in:
        return listed;
      case Operator::not_in:
        return !listed;
      case Operator::exists:
        return present;
      case Operator::does_not_exist:
        return !present;
    }
    return false;
  });
}

std::string selector_as_text(const Json& selector) {
  const bool plain = !selector.contains("/matchLabels") && !selector.contains("/matchExpressions");
  std::string text;
  for (const auto& [key, value] : selector.strings_at(plain ? "" : "/matchLabels")) {
    text += (text.empty() ? "" : ",") + key + "=" + value;
  }
  for (const auto& expression : selector.elements_at("/matchExpressions")) {
    text += (text.empty() ? "" : ",") + expression_text(expression);
  }
  return text;
}

FieldSelector FieldSelector::parse(std::string_view text, const ResourceType& type) {
  FieldSelector selector;
  for (const auto part : split(text)) {
    const auto at = part.find('=');
    if (at == part.npos || at == 0) {
      throw SelectorError("invalid selector: '" + std::string(text) + "'; can't understand '" +
                          std::string(part) + "'");
    }
    const bool equal = part[at - 1] != '!';
    const auto field = part.substr(0, equal ? at : at - 1);
    require_selectable(field, type);
    const auto value = part.substr(part.compare(at, 2, "==") == 0 ? at + 2 : at + 1);
    selector.terms_.push_back({pointer_of(field), std::string(value), equal});
  }
  return selector;
}

bool FieldSelector::matches(const Json& object) const {
  return std::all_of(terms_.begin(), terms_.end(), [&](const Term& term) {
    return (text_at(object, term.pointer) == term.value) == term.equal;
  });
}

}  // namespace cpab
