#include "cpab/pipeline/saved_state.h"

#include <array>
#include <cstdio>

#include "cpab/io/crc32.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

/// A state file with this content and the checksum that belongs to it.
std::string sealed(std::string_view content) {
  std::array<char, 16> checksum{};
  std::snprintf(checksum.data(), checksum.size(), "%08x", static_cast<unsigned>(crc32(content)));
  return "{\"version\":1,\"checksum\":\"crc32:" + std::string(checksum.data()) +
         "\",\"state\":" + std::string(content) + "}\n";
}

void check_state(std::string_view text) {
  try {
    const SavedState state = decode_state(text);
    require(decode_state(encode_state(state)) == state, "what is written reads the same");
    for (const auto& recommendation : state.recommendations) {
      require(recommendation.replicas >= 0, "no negative count is accepted");
    }
  } catch (const StateError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace

void fuzz_saved_state(std::string_view input) {
  check_state(input);
  check_state(sealed(input));
}

}  // namespace cpab
