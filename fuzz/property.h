#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace cpab {

/// What a fuzz target promises about its input does not hold. No code under test throws it, so that
/// it gets through to the fuzzer, which keeps the input.
struct BrokenProperty : std::logic_error {
  using std::logic_error::logic_error;
};

/// Throws BrokenProperty unless `holds`; `property` says what should be so.
inline void require(bool holds, std::string_view property) {
  if (!holds) throw BrokenProperty(std::string(property));
}

}  // namespace cpab
