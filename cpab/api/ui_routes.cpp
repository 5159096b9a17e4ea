#include "cpab/api/ui_routes.h"

#include <algorithm>
#include <string_view>

#include "cpab/api/answers.h"
#include "cpab/api/ui_files.h"

namespace cpab {
namespace {

constexpr std::string_view folder = "/ui/";

/// Scripts and styles come from here alone, and nobody may frame the page.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

bool is_browser(const ServerRequest& request) {
  return request.method == "GET" && contains(header(request.headers, "Accept"), "text/html");
}

/// Relative, so that it leads to the right place behind a proxy that serves cpab below a path.
ServerResponse redirect(const char* location) {
  ServerResponse response;
  response.status = 302;
  response.headers = {{"Location", location}, {"Cache-Control", "no-store"}};
  return response;
}

/// What the page asks us says by its `Referer` that it does; nobody else is told.
ServerResponse serve(const UiFile& file, const HttpHeaders& asked) {
  ServerResponse response;
  response.headers = {{"ETag", std::string(file.etag)},
                      {"Cache-Control", "no-cache"},
                      {"Vary", "Accept-Encoding"},
                      {"Content-Security-Policy", content_security_policy},
                      {"Referrer-Policy", "same-origin"}};
  if (contains(header(asked, "If-None-Match"), file.etag)) {
    response.status = 304;
    return response;
  }
  if (!contains(header(asked, "Accept-Encoding"), "gzip")) {
    return plain_response(
        406,
        "The dashboard is sent compressed with gzip, which 'Accept-Encoding' has to "
        "allow, as all browsers do; with curl: --compressed\n");
  }
  response.headers.emplace_back("Content-Type", file.content_type);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = file.gzip;
  return response;
}

}  // namespace

std::optional<ServerResponse> ui_response(const ServerRequest& request) {
  const std::string_view path = request.path();
  if (path == "/" && is_browser(request)) return redirect("ui/");
  if (path == "/ui" && request.method == "GET") return redirect("ui/");
  if (!path.starts_with(folder) || request.method != "GET") return std::nullopt;
  const auto files = ui_files();
  const auto file = std::find_if(files.begin(), files.end(), [&](const UiFile& candidate) {
    return candidate.name == path.substr(folder.size());
  });
  if (file == files.end()) return std::nullopt;
  if (!request.query().empty()) {
    return plain_response(400, "The files of the dashboard take no parameters\n");
  }
  return serve(*file, request.headers);
}

}  // namespace cpab
