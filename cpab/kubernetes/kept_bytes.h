#pragma once

#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "cpab/model/pod_facts.h"
#include "cpab/model/resource.h"

namespace cpab {

/// About how much memory these take.

inline std::size_t bytes_of(const std::string& text) { return sizeof text + text.size(); }

inline std::size_t bytes_of(const Resource& object) {
  return bytes_of(object.name) + bytes_of(object.uid) + bytes_of(object.json);
}

inline std::size_t bytes_of(const PodContainer& container) {
  constexpr std::size_t node = 96;  // of a map, with the name of a resource
  return sizeof container + container.name.size() + node * container.requests.size();
}

inline std::size_t bytes_of(const InitContainer& container) {
  return bytes_of(container.container) + sizeof container.sidecar;
}

template <typename Item>
std::size_t bytes_of(const std::vector<Item>& items) {
  return std::accumulate(items.begin(), items.end(), std::size_t{0},
                         [](std::size_t sum, const Item& item) { return sum + bytes_of(item); });
}

inline std::size_t bytes_of(const PodFacts& pod) {
  return sizeof pod + pod.name.size() + bytes_of(pod.containers) + bytes_of(pod.init_containers);
}

}  // namespace cpab
