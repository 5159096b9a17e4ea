#include "cpab/simulation/list_token.h"

#include <string_view>

#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

std::string to_hex(const std::string& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    const auto c = static_cast<unsigned char>(each);
    text += digits[c >> 4];
    text += digits[c & 15];
  }
  return text;
}

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

std::string list_token_text(const ListToken& token) {
  return to_hex(std::to_string(token.version) + "/" + token.last.first + "/" + token.last.second);
}

std::optional<ListToken> parse_list_token(const std::string& text) {
  if (text.empty()) return std::nullopt;
  try {
    const auto bytes = from_hex(text);
    const auto first = bytes.find('/');
    const auto second = bytes.find('/', first + 1);
    if (first != std::string::npos && second != std::string::npos) {
      return ListToken{std::stoull(bytes.substr(0, first)),
                       {bytes.substr(first + 1, second - first - 1), bytes.substr(second + 1)}};
    }
  } catch (const std::exception&) {  // no digits: refused below, as the rest
  }
  throw bad_request("continue key is not valid: " + text);
}

}  // namespace cpab
