#pragma once

#include <regex>
#include <string>

namespace cpab {

/// The address that a program has printed behind a label: `  REST API        http://127.0.0.1:5000`.
inline std::string url_after(const std::string& text, const std::string& label) {
  std::smatch match;
  std::regex_search(text, match, std::regex(label + R"( +(http://127\.0\.0\.1:\d+))"));
  return match[1];
}

}  // namespace cpab
