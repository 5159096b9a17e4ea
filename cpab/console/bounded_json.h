#pragma once

#include <cstddef>
#include <string_view>

namespace cpab {

/// Keeps what answers at the address of a daemon from costing much: a tree of a few megabytes of
/// brackets takes hundreds.
class JsonBounds {
 public:
  /// All texts together may have `values` values.
  explicit JsonBounds(std::size_t values) : left_(values) {}

  /// To be called before a tree is made of `json`. Throws JsonError when it is malformed, nested
  /// deeper than anything that cpab says, or has more values than are left.
  void check(std::string_view json);

 private:
  std::size_t left_;
};

}  // namespace cpab
