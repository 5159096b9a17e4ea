#include "bench/http_connection.h"

#include <curl/curl.h>

#include <stdexcept>
#include <utility>

namespace bench {
namespace {

std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<std::string*>(body)->append(data, size);
  return size;
}

}  // namespace

struct HttpConnection::Handle {
  CURL* easy = curl_easy_init();
  curl_slist* headers = nullptr;

  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
  }
};

HttpConnection::HttpConnection(std::string base_url, const std::string& ca_file,
                               const std::string& token)
    : base_url_(std::move(base_url)), handle_(std::make_unique<Handle>()) {
  CURL* easy = handle_->easy;
  handle_->headers = curl_slist_append(nullptr, "Accept: application/json");
  handle_->headers = curl_slist_append(handle_->headers, "Content-Type: application/json");
  handle_->headers = curl_slist_append(handle_->headers, "Expect:");
  if (!token.empty()) {
    handle_->headers =
        curl_slist_append(handle_->headers, ("Authorization: Bearer " + token).c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handle_->headers);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  if (!ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
}

HttpConnection::~HttpConnection() = default;

std::string HttpConnection::get(const std::string& path) {
  curl_easy_setopt(handle_->easy, CURLOPT_HTTPGET, 1L);
  return perform(path);
}

std::string HttpConnection::post(const std::string& path, const std::string& body) {
  curl_easy_setopt(handle_->easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(handle_->easy, CURLOPT_POSTFIELDS, body.data());
  return perform(path);
}

std::string HttpConnection::perform(const std::string& path) {
  CURL* easy = handle_->easy;
  std::string body;
  curl_easy_setopt(easy, CURLOPT_URL, (base_url_ + path).c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(easy);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK || status != 200) {
    throw std::runtime_error(path + ": " + curl_easy_strerror(code) + ", status " +
                             std::to_string(status) + ": " + body.substr(0, 200));
  }
  return body;
}

}  // namespace bench
