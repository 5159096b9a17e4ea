#pragma once

#include <string>

namespace cpab {

/// A Kubernetes object on its way to user logic. Its JSON stays the text the API server sent
/// (fields we do not know and numbers as written included); only what cpab itself needs is read
/// out of it. Invariant: `json` is one valid JSON object on one line.
struct Resource {
  std::string name;  ///< `metadata.name`
  std::string uid;   ///< `metadata.uid`; empty when absent
  std::string json;

  friend bool operator==(const Resource&, const Resource&) = default;
};

}  // namespace cpab
