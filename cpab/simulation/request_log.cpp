#include "cpab/simulation/request_log.h"

#include "cpab/simulation/resource_path.h"

namespace cpab {
namespace {

constexpr std::size_t kept_requests = 10'000;

}  // namespace

std::string path_class(std::string_view path) {
  const auto place = parse_resource_path(path);
  if (!place || place->plural.empty()) return std::string(path);
  std::string result = place->group.empty() ? "/api/" : "/apis/" + place->group + "/";
  result += place->version;
  if (!place->namespace_name.empty()) result += "/namespaces/{namespace}";
  result += "/" + place->plural;
  if (!place->name.empty()) result += "/{name}";
  return place->subresource.empty() ? result : result + "/" + place->subresource;
}

void RequestLog::record(LoggedRequest request) {
  const std::lock_guard lock(mutex_);
  ++total_;
  ++counters_[{request.method, request.path_class}];
  requests_.push_back(std::move(request));
  if (requests_.size() > kept_requests) requests_.pop_front();
}

void RequestLog::clear() {
  const std::lock_guard lock(mutex_);
  total_ = 0;
  counters_.clear();
  requests_.clear();
}

std::size_t RequestLog::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

RequestLog::Counters RequestLog::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

std::vector<LoggedRequest> RequestLog::requests() const {
  const std::lock_guard lock(mutex_);
  return {requests_.begin(), requests_.end()};
}

}  // namespace cpab
