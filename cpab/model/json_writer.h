#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/json_text.h"

namespace cpab {

/// Builds one JSON object, member by member, in one text.
class JsonWriter {
 public:
  /// No more memory is taken than for `expected_size`, if that is right.
  explicit JsonWriter(std::size_t expected_size = 0) { text_.reserve(expected_size); }

  /// A member whose value is JSON already.
  JsonWriter& add(std::string_view key, std::string_view value);

  JsonWriter& add_text(std::string_view key, std::string_view value);
  JsonWriter& add_text_unless_empty(std::string_view key, std::string_view value) {
    return value.empty() ? *this : add_text(key, value);
  }
  JsonWriter& add_number(std::string_view key, std::int64_t value);
  JsonWriter& add_bool(std::string_view key, bool value);

  /// The shortest text that reads back as the same number; `20.0` for a whole one.
  JsonWriter& add_double(std::string_view key, double value);

  /// An array whose items are JSON already.
  JsonWriter& add_list(std::string_view key, const std::vector<std::string>& items);

  /// A member whose value `append(std::string&)` writes.
  template <typename Append>
  JsonWriter& add_with(std::string_view key, Append append) {
    add(key, "");
    append(text_);
    return *this;
  }

  /// The object. Used once, and last.
  std::string finish();

 private:
  std::string text_;
};

}  // namespace cpab
