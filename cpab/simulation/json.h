#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/json_text.h"

namespace cpab {

/// A JSON value with value semantics, whose members keep their order. Places inside it are named
/// by JSON pointers (RFC 6901), `/metadata/name`. Reading a place that is not there, or holds
/// something else, gives the empty value of the type asked for. Errors are JsonError.
class Json {
 public:
  Json();  ///< an empty object
  explicit Json(nlohmann::ordered_json tree);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  /// Throws JsonError when `text` is not JSON.
  static Json parse(std::string_view text);

  /// One line.
  std::string text() const;

  bool is_object() const;
  bool contains(const std::string& pointer) const;
  std::string string_at(const std::string& pointer) const;
  std::optional<std::int64_t> integer_at(const std::string& pointer) const;
  std::map<std::string, std::string> strings_at(const std::string& pointer) const;
  std::vector<Json> elements_at(const std::string& pointer) const;
  Json at(const std::string& pointer) const;  ///< null when absent

  /// Write a place, making the objects on the way to it; `-` appends to an array. Throw
  /// JsonError when something other than an object or array is in the way.
  Json& set(const std::string& pointer, const char* value);
  Json& set(const std::string& pointer, const std::string& value);
  Json& set(const std::string& pointer, std::int64_t value);
  Json& set(const std::string& pointer, std::int32_t value);
  Json& set(const std::string& pointer, double value);
  Json& set(const std::string& pointer, bool value);
  Json& set(const std::string& pointer, const Json& value);
  Json& set(const std::string& pointer, const std::map<std::string, std::string>& value);
  Json& erase(const std::string& pointer);

  const nlohmann::ordered_json& tree() const { return *tree_; }
  nlohmann::ordered_json& tree() { return *tree_; }

  /// The order of the members of an object does not count.
  friend bool operator==(const Json& left, const Json& right);

 private:
  std::unique_ptr<nlohmann::ordered_json> tree_;  // never null, except when moved from
};

}  // namespace cpab
