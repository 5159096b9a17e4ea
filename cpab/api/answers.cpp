#include "cpab/api/answers.h"

#include <array>
#include <utility>

#include "cpab/model/json_text.h"
#include "cpab/model/printable.h"

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
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = std::move(body);
  return response;
}

ServerResponse error_response(int status, std::string_view message, const std::string& further) {
  return json_response(status, "{\"message\":" + printable_json(json_quote(message)) +
                                   ",\"code\":" + std::to_string(status) + further + "}");
}

void restrict_browsers(ServerResponse& response) {
  static constexpr std::array<std::pair<const char*, const char*>, 4> restrictions = {{
      {"X-Content-Type-Options", "nosniff"},
      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  }};
  for (const auto& [name, value] : restrictions) {
    if (header(response.headers, name).empty()) response.headers.emplace_back(name, value);
  }
}

}  // namespace cpab
