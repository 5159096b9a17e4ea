#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cpab/kubernetes/api_path.h"
#include "cpab/model/budget.h"
#include "cpab/model/time.h"

namespace cpab {

class Clock;
class RestClient;

/// A group of the API and the versions it is served in, the preferred one included.
struct ApiGroup {
  std::string name;
  std::string preferred_version;
  std::vector<std::string> versions;  ///< in the order of the API server
};

/// Learns from the API server how kinds are called in paths: plurals are never guessed. Only the
/// lists that are needed are read, once. What is missing is asked for again (a CRD may be installed
/// later), but at most every two seconds however many callers miss it. Other groups being broken
/// does no harm. Safe to call from several threads at once.
class Discovery {
 public:
  /// The references outlive it.
  Discovery(RestClient& rest, Clock& clock);

  /// The kind, named exactly or all in lower case, in the version given. Throws KubernetesError:
  /// `no matches for kind "Widget" in version "apps/v1"`.
  ApiResource resource(const std::string& api_version, const std::string& kind,
                       const Budget& budget);

  /// The kind in whichever version of its group has it, the preferred one first.
  ApiResource resource_in_group(const std::string& group, const std::string& kind,
                                const Budget& budget);

  /// None when the API server does not serve the group.
  std::optional<ApiGroup> group(const std::string& name, const Budget& budget);

  /// What was learned about `version` turned out to be wrong: it is read again at the next use.
  void forget(const ApiVersion& version);

  /// The same for the list of groups.
  void forget_groups();

 private:
  template <typename Item>
  struct List {
    std::vector<Item> items;
    TimePoint read_at;
  };

  std::optional<List<ApiResource>> known_resources(const ApiVersion& version) const;
  std::optional<List<ApiGroup>> known_groups() const;
  std::vector<ApiResource> read_resources(const ApiVersion& version, const Budget& budget);
  std::vector<ApiGroup> read_groups(const Budget& budget);
  bool just_read(TimePoint read_at) const;
  std::optional<ApiResource> find(const ApiVersion& version, const std::string& kind,
                                  const Budget& budget);

  RestClient& rest_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, List<ApiResource>> resources_;  ///< by version; guarded by mutex_
  std::optional<List<ApiGroup>> groups_;                ///< guarded by mutex_
};

}  // namespace cpab
