#include "cpab/io/http_client.h"

#include <algorithm>

namespace cpab {
namespace {

// Header names are ASCII; the locale must not take part in comparing them.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool same_header_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_header_name(key, name)) return value;
  }
  return {};
}

std::string redacted_url(std::string_view url) {
  const std::string_view base = url.substr(0, url.find_first_of("?#"));
  const bool has_query = base.size() < url.size() && url[base.size()] == '?';
  std::string result(base);
  if (const std::size_t scheme_end = base.find("//"); scheme_end != std::string_view::npos) {
    const std::size_t start = scheme_end + 2;
    const std::size_t end = std::min(base.find('/', start), base.size());
    const std::size_t at = base.substr(start, end - start).rfind('@');
    if (at != std::string_view::npos) result.replace(start, at, "***");
  }
  return has_query ? result + "?..." : result;
}

}  // namespace cpab
