#pragma once

#include <iterator>
#include <string>
#include <string_view>

namespace cpab {

inline const std::string& name_of(const std::string& item) { return item; }

template <typename Value>
const std::string& name_of(const std::pair<const std::string, Value>& item) {
  return item.first;
}

/// Looks names up in a sorted set or map of names: at once when they come in its order, as pods of
/// a list do, and by searching when they do not. The container outlives it.
template <typename Container>
class OrderedLookup {
 public:
  using Iterator = typename Container::const_iterator;

  explicit OrderedLookup(const Container& items) : items_(items), at_(items.begin()) {}

  /// The item called `name`; null when there is none.
  typename Container::const_pointer find(const std::string& name) {
    if (!is_at(name)) {
      if (is_gap_of(name)) return nullptr;
      at_ = items_.lower_bound(name);
      if (!is_at(name)) return nullptr;
    }
    return &*at_++;
  }

 private:
  bool is_at(const std::string& name) const { return at_ != items_.end() && name_of(*at_) == name; }

  /// Whether `name` would stand right in front of `at_`.
  bool is_gap_of(const std::string& name) const {
    return (at_ == items_.end() || name < name_of(*at_)) &&
           (at_ == items_.begin() || name_of(*std::prev(at_)) < name);
  }

  const Container& items_;
  Iterator at_;  ///< behind what was found last
};

}  // namespace cpab
