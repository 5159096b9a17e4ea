#include "cpab/api/answers.h"

#include <utility>

#include "cpab/model/json_text.h"

namespace cpab {

ServerResponse json_response(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  response.body = std::move(body);
  return response;
}

ServerResponse plain_response(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

ServerResponse error_response(int status, std::string_view message, const std::string& further) {
  ServerResponse response =
      json_response(status, "{\"message\":" + json_quote(message) +
                                ",\"code\":" + std::to_string(status) + further + "}");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace cpab
