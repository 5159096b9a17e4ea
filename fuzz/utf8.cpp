#include "cpab/model/utf8.h"

#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

bool is_valid(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    require(length <= text.size(), "a sequence ends within the text");
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

void fuzz_utf8(std::string_view input) {
  const std::string repaired = utf8_repaired(input);
  require(is_valid(repaired), "repaired text is valid");
  require(is_valid(input) == (repaired == input), "valid text stays as it is, other text does not");
  require(utf8_repaired(repaired) == repaired, "repairing twice changes nothing");
  require(nul_escaped(input).find('\0') == std::string::npos, "no zero byte is left");
}

}  // namespace cpab
