#pragma once

#include <memory>
#include <string>

namespace bench {

/// One kept-alive connection of libcurl with as little around it as possible.
class HttpConnection {
 public:
  /// `ca_file` and `token` may be empty: plain HTTP, nobody asks who we are.
  HttpConnection(std::string base_url, const std::string& ca_file, const std::string& token);
  ~HttpConnection();

  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// The body of the answer. Throws std::runtime_error unless it came with 200.
  std::string get(const std::string& path);
  std::string post(const std::string& path, const std::string& body);

 private:
  std::string perform(const std::string& path);

  struct Handle;
  std::string base_url_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace bench
