#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cpab {

/// One request that reached the simulated API server.
struct LoggedRequest {
  std::string method;
  std::string target;  ///< path and query
  std::string path_class;
  int status = 0;  ///< of the answer; 0 when there was none

  friend bool operator==(const LoggedRequest&, const LoggedRequest&) = default;
};

/// `path` with the names taken out:
/// `/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale`.
std::string path_class(std::string_view path);

/// Who asked what. Safe to call from any thread.
class RequestLog {
 public:
  using Counters = std::map<std::pair<std::string, std::string>, std::size_t>;

  void record(LoggedRequest request);
  void clear();

  std::size_t total() const;
  Counters counters() const;  ///< by method and path class

  /// The last 10,000, oldest first.
  std::vector<LoggedRequest> requests() const;

 private:
  mutable std::mutex mutex_;
  std::size_t total_ = 0;  // guarded by mutex_, as all below
  Counters counters_;
  std::deque<LoggedRequest> requests_;
};

}  // namespace cpab
