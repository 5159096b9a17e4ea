#include "cpab/kubernetes/json_fields.h"

#include <charconv>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/json_text.h"
#include "cpab/model/quantity.h"

namespace cpab {
namespace {

[[noreturn]] void wrong_type(std::string_view key, std::string_view value, const char* wanted) {
  throw KubernetesError(
      200, "field '" + std::string(key) + "' is " + excerpt(value) + ", not " + wanted);
}

std::optional<std::string_view> field(std::string_view object, std::string_view key) {
  const auto value = json_member(object, key);
  if (!value || *value == "null") return std::nullopt;
  return value;
}

}  // namespace

std::string string_field(std::string_view object, std::string_view key) {
  const auto value = field(object, key);
  return value ? string_value(key, *value) : std::string();
}

std::string string_value(std::string_view key, std::string_view value) {
  if (value == "null") return {};
  auto text = json_string(value);
  if (!text) wrong_type(key, value, "a string");
  return *std::move(text);
}

std::optional<std::string_view> object_field(std::string_view object, std::string_view key) {
  const auto value = field(object, key);
  return value ? object_value(key, *value) : std::nullopt;
}

std::optional<std::string_view> object_value(std::string_view key, std::string_view value) {
  if (value == "null") return std::nullopt;
  if (value.front() != '{') wrong_type(key, value, "an object");
  return value;
}

std::vector<std::string_view> array_field(std::string_view object, std::string_view key) {
  const auto value = field(object, key);
  if (!value) return {};
  if (value->front() != '[') wrong_type(key, *value, "an array");
  return json_elements(*value);
}

std::optional<std::int64_t> integer_field(std::string_view object, std::string_view key) {
  const auto value = field(object, key);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number);
  if (error != std::errc() || stop != end) wrong_type(key, *value, "a 64-bit integer");
  return number;
}

std::optional<std::int64_t> milli_field(std::string_view object, std::string_view key) {
  const auto value = field(object, key);
  if (!value) return std::nullopt;
  const auto milli = quantity_milli(json_string(*value).value_or(std::string(*value)));
  if (!milli) wrong_type(key, *value, "a quantity");
  return milli;
}

void require_object(std::string_view text, std::string_view what) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return;
  throw KubernetesError(200, std::string(what) + " is " + excerpt(text) + ", not an object");
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t limit = 200;
  return text.size() <= limit ? json_quote(text)
                              : json_quote(std::string(text.substr(0, limit)) + "...");
}

}  // namespace cpab
