#include "cpab/model/printable.h"

#include <cstdio>

namespace cpab {
namespace {

// C1 control characters, which terminals obey as well, are 0xc2 0x80..0x9f in UTF-8.
bool is_second_byte_of_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 && byte < 0xa0 && at > 0 && static_cast<unsigned char>(text[at - 1]) == 0xc2;
}

bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f || is_second_byte_of_control(text, at);
}

void append_escaped(std::string& line, unsigned char byte) {
  char escaped[5];
  std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
  line += escaped;
}

}  // namespace

std::string printable(std::string_view text, std::string_view indent) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') {
      (result += '\n') += indent;
    } else if (is_control(text, at)) {
      append_escaped(result, static_cast<unsigned char>(text[at]));
    } else {
      result += text[at];
    }
  }
  return result;
}

}  // namespace cpab
