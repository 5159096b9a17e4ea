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
    if (is_before(at_, name)) ++at_;
    if (!is_place_of(name)) at_ = items_.lower_bound(name);
    return at_ != items_.end() && name_of(*at_) == name ? &*at_ : nullptr;
  }

 private:
  bool is_before(Iterator item, const std::string& name) const {
    return item != items_.end() && name_of(*item) < name;
  }

  /// Whether `at_` is the first item that does not come before `name`.
  bool is_place_of(const std::string& name) const {
    return !is_before(at_, name) && (at_ == items_.begin() || is_before(std::prev(at_), name));
  }

  const Container& items_;
  Iterator at_;
};

}  // namespace cpab
