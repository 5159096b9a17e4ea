#include "cpab/simulation/accessor.h"

#include <map>
#include <string_view>

#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

/// A value in a message, as Go prints it: `map[app:web]`.
std::string printed(std::string_view value) {
  if (value == "null") return "<nil>";
  if (const auto text = json_string(value)) return *text;
  std::string items;
  const auto add = [&](const std::string& item) { items += (items.empty() ? "" : " ") + item; };
  if (value.front() == '{') {
    std::map<std::string, std::string> sorted;
    for (const auto& [key, member] : json_members(value)) sorted[key] = printed(member);
    for (const auto& [key, member] : sorted) add(key + ":" + member);
    return "map[" + items + "]";
  }
  if (value.front() == '[') {
    for (const std::string_view element : json_elements(value)) add(printed(element));
    return "[" + items + "]";
  }
  return std::string(value);
}

std::string type_of(std::string_view value) {
  switch (value.front()) {
    case '{':
      return "map[string]interface {}";
    case '[':
      return "[]interface {}";
    case '"':
      return "string";
    case 't':
    case 'f':
      return "bool";
    case 'n':
      return "<nil>";
    default:
      return value.find_first_of(".eE") == value.npos ? "int64" : "float64";
  }
}

[[noreturn]] void refuse(std::string path, std::string_view value, const std::string& expected) {
  for (char& c : path) c = c == '/' ? '.' : c;
  throw ApiError(500, "",
                 path + " accessor error: " + printed(value) + " is of the type " + type_of(value) +
                     ", expected " + expected);
}

}  // namespace

void check_accessor(const Json& document, const std::string& pointer, const std::string& expected) {
  for (std::size_t end = pointer.find('/', 1);; end = pointer.find('/', end + 1)) {
    const std::string place = pointer.substr(0, end);
    if (!document.contains(place)) return;
    const std::string value = document.at(place).text();
    if (end == std::string::npos) {
      if (type_of(value) != expected) refuse(pointer, value, expected);
      return;
    }
    if (value == "null") return;
    if (value.front() != '{') {
      refuse(pointer.substr(0, pointer.find('/', end + 1)), value, "map[string]interface{}");
    }
  }
}

}  // namespace cpab
