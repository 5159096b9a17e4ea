#include "cpab/pipeline/json_object.h"

#include <algorithm>
#include <charconv>

#include "cpab/pipeline/wall_time.h"

namespace cpab {
namespace {

std::string excerpt(std::string_view value) {
  constexpr std::size_t longest = 60;
  return std::string(value.substr(0, longest)) + (value.size() > longest ? "..." : "");
}

[[noreturn]] void mismatch(std::string_view key, std::string_view value, const char* wanted) {
  throw JsonError(std::string(key) + " is " + excerpt(value) + "; " + wanted);
}

template <typename Value>
Value require(std::optional<Value> value, std::string_view key) {
  if (!value) throw JsonError(std::string(key) + " is missing");
  return *std::move(value);
}

}  // namespace

JsonObject::JsonObject(std::string_view text) : members_(json_members(json_value(text))) {
  for (auto member = members_.begin(); member != members_.end(); ++member) {
    const bool repeated = std::any_of(members_.begin(), member, [&](const auto& earlier) {
      return earlier.first == member->first;
    });
    if (repeated) throw JsonError(excerpt(member->first) + " is given twice");
  }
}

void JsonObject::refuse_others(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : members_) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string names;
    for (const std::string_view name : known) {
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    throw JsonError(excerpt(key) + " means nothing here; known are " + names);
  }
}

std::optional<std::string_view> JsonObject::find(std::string_view key) const {
  for (const auto& [name, value] : members_) {
    if (name == key && value != "null") return value;
  }
  return std::nullopt;
}

std::optional<std::string> JsonObject::text(std::string_view key) const {
  const auto value = find(key);
  if (!value) return std::nullopt;
  std::optional<std::string> text = json_string(*value);
  if (!text) mismatch(key, *value, "it is a text in quotes");
  return text;
}

std::optional<std::int32_t> JsonObject::count(std::string_view key) const {
  const auto value = find(key);
  if (!value) return std::nullopt;
  std::int32_t count = 0;
  const char* const end = value->data() + value->size();
  const auto [rest, error] = std::from_chars(value->data(), end, count);
  if (error != std::errc() || rest != end || count < 0) {
    mismatch(key, *value, "it is a whole number from 0 to 2147483647");
  }
  return count;
}

std::optional<WallTime> JsonObject::time(std::string_view key) const {
  const auto value = find(key);
  if (!value) return std::nullopt;
  const auto time = parse_wall_time(json_string(*value).value_or(""));
  if (!time) mismatch(key, *value, "it is a time such as \"2026-01-31T14:05:30Z\"");
  return time;
}

std::string_view JsonObject::required(std::string_view key) const {
  return require(find(key), key);
}

std::string JsonObject::required_text(std::string_view key) const {
  return require(text(key), key);
}

std::int32_t JsonObject::required_count(std::string_view key) const {
  return require(count(key), key);
}

WallTime JsonObject::required_time(std::string_view key) const { return require(time(key), key); }

}  // namespace cpab
