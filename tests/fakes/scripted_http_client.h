#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cpab/io/http_client.h"

namespace cpab {

/// An HTTP client that answers from a script: per request line (`GET /api/v1?x=y`, the host left
/// out) a queue of replies, the last of which repeats. What is not in the script is a 404 with a
/// body that says so. Remembers every request. Safe to call from several threads.
class ScriptedHttpClient final : public HttpClient {
 public:
  using Reply = std::function<HttpResponse(const HttpRequest&)>;

  ScriptedHttpClient& on(const std::string& line, Reply reply) {
    const std::lock_guard lock(mutex_);
    replies_[line].push_back(std::move(reply));
    return *this;
  }

  ScriptedHttpClient& on(const std::string& line, int status, std::string body,
                         HttpHeaders headers = {}) {
    return on(line, [=](const HttpRequest&) { return HttpResponse{status, headers, body}; });
  }

  ScriptedHttpClient& on(const std::string& line, HttpFailure failure) {
    return on(line, [=](const HttpRequest&) -> HttpResponse {
      throw HttpError(failure, "connection trouble");
    });
  }

  /// Forgets the replies to a request, to script what happens from now on.
  ScriptedHttpClient& forget(const std::string& line) {
    const std::lock_guard lock(mutex_);
    replies_.erase(line);
    return *this;
  }

  HttpResponse send(const HttpRequest& request) override {
    Reply reply;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      const auto found = replies_.find(line_of(request));
      if (found == replies_.end()) return {404, {}, "not in the script: " + line_of(request)};
      reply = found->second.front();
      if (found->second.size() > 1) found->second.pop_front();
    }
    return reply(request);
  }

  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// The request lines so far, in order.
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const HttpRequest& request : requests()) lines.push_back(line_of(request));
    return lines;
  }

  static std::string line_of(const HttpRequest& request) {
    const std::size_t path = request.url.find('/', request.url.find("//") + 2);
    return request.method + " " + request.url.substr(path);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Reply>> replies_;  // guarded by mutex_
  std::vector<HttpRequest> requests_;                 // guarded by mutex_
};

}  // namespace cpab
