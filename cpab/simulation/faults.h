#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// Something that goes wrong with matching requests.
struct Fault {
  // Which requests.
  std::string method;           ///< empty: any
  std::string path_contains;    ///< of path and query; empty: any
  std::optional<int> requests;  ///< how many of them; none: until cleared

  // What happens to them; several may be combined.
  std::chrono::milliseconds latency{0};  ///< before anything else, in real time
  int status = 0;                        ///< answered instead of serving the request: 429, 503, ...
  std::optional<int> retry_after_seconds;  ///< the header of that answer
  bool drop = false;                       ///< the connection closes without an answer
  /// Bytes of the body after which the connection closes. The request takes effect.
  std::optional<std::size_t> truncate_after;
  bool garbage = false;             ///< 200 with a body that is not JSON
  std::optional<std::string> body;  ///< 200 with this one
  /// The request takes effect and only its answer is lost or spoilt. Otherwise it never arrives.
  bool takes_effect = false;

  /// Whether the request is answered by something else than the cluster.
  bool spoils_answer() const { return status != 0 || drop || truncate_after || garbage || body; }
};

/// The faults that are switched on. Safe to call from any thread.
class Faults {
 public:
  void add(Fault fault);
  void clear();

  /// The oldest fault that matches, counting this request against it; none when all is well.
  std::optional<Fault> take(std::string_view method, std::string_view target);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;  // guarded by mutex_
};

}  // namespace cpab
