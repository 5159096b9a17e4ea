#include "cpab/io/http_client.h"

#include <algorithm>

#include "cpab/model/ascii.h"
#include "cpab/model/masking.h"

namespace cpab {

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

bool has_header(const HttpHeaders& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& entry) { return same_header_name(entry.first, name); });
}

std::string redacted_url(std::string_view url) { return masked_url(url, ShownQuery::nothing); }

}  // namespace cpab
