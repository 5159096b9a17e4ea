#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/model/json_text.h"
#include "cpab/model/time.h"

namespace cpab {

/// A small JSON object whose members are asked for by name and type. An absent member and `null`
/// are the same. What does not fit throws JsonError, with a message for whoever wrote it. Points
/// into the text it was made from.
class JsonObject {
 public:
  /// Throws JsonError unless `text` is one object without repeated keys.
  explicit JsonObject(std::string_view text);

  /// Throws JsonError, naming the key, when there are others than `known`.
  void refuse_others(std::initializer_list<std::string_view> known) const;

  /// The text of any value.
  std::optional<std::string_view> find(std::string_view key) const;

  std::optional<std::string> text(std::string_view key) const;
  std::optional<std::int32_t> count(std::string_view key) const;  ///< of replicas: not negative
  std::optional<WallTime> time(std::string_view key) const;       ///< RFC 3339

  /// The same for members that have to be there.
  std::string_view required(std::string_view key) const;
  std::string required_text(std::string_view key) const;
  std::int32_t required_count(std::string_view key) const;
  WallTime required_time(std::string_view key) const;

 private:
  std::vector<std::pair<std::string, std::string_view>> members_;
};

}  // namespace cpab
