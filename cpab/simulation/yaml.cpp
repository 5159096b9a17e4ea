#include "cpab/simulation/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "cpab/model/yaml_marks.h"

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;

/// Aliases are written out: a few lines may stand for very much.
constexpr std::size_t most_values = 500'000;

template <std::size_t size>
bool is_one_of(const std::string& text, const std::array<const char*, size>& words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return text == word; });
}

/// None of the numbers has a leading plus: that is text, more often than not a phone number.
template <class Number>
bool parse_whole(const std::string& text, Number& value) {
  const auto* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

Tree plain_scalar(const std::string& text) {
  if (is_one_of(text, std::array{"", "~", "null", "Null", "NULL"})) return nullptr;
  if (is_one_of(text, std::array{"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})) {
    return true;
  }
  if (is_one_of(text,
                std::array{"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})) {
    return false;
  }
  if (std::int64_t integer = 0; parse_whole(text, integer)) return integer;
  if (std::uint64_t integer = 0; parse_whole(text, integer)) return integer;
  const bool numeric = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (double number = 0; numeric && parse_whole(text, number) && std::isfinite(number)) {
    return number;
  }
  return text;
}

class Converter {
 public:
  Tree convert(const YAML::Node& node) {
    if (++values_ > most_values) throw JsonError("the YAML has too many values");
    switch (node.Type()) {
      case YAML::NodeType::Sequence:
        return sequence(node);
      case YAML::NodeType::Map:
        return mapping(node);
      case YAML::NodeType::Scalar:
        return node.Tag() == "?" ? plain_scalar(node.Scalar()) : Tree(node.Scalar());
      case YAML::NodeType::Null:
      case YAML::NodeType::Undefined:
        break;
    }
    return nullptr;
  }

 private:
  Tree sequence(const YAML::Node& node) {
    auto list = Tree::array();
    for (const auto& element : node) list.push_back(convert(element));
    return list;
  }

  Tree mapping(const YAML::Node& node) {
    auto object = Tree::object();
    for (const auto& member : node) {
      if (!member.first.IsScalar()) throw JsonError("a key of the YAML is not a scalar");
      object[member.first.Scalar()] = convert(member.second);
    }
    return object;
  }

  std::size_t values_ = 0;
};

}  // namespace

std::vector<Json> yaml_documents(std::string_view text) {
  try {
    if (yaml_marks(text) > most_yaml_marks) {
      throw JsonError("the YAML has more than " + std::to_string(most_yaml_marks) +
                      " lines, commas and brackets");
    }
    std::vector<Json> documents;
    for (const auto& node : YAML::LoadAll(std::string(text))) {
      if (node.IsNull() || !node.IsDefined()) continue;
      documents.emplace_back(Converter().convert(node));
    }
    return documents;
  } catch (const YAML::Exception& error) {
    throw JsonError(std::string("not YAML: ") + error.what());
  }
}

}  // namespace cpab
