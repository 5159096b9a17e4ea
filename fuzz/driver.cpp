#include <cstddef>
#include <cstdint>

#include "cpab/io/logging.h"
#include "fuzz/targets.h"

// What libFuzzer calls. CPAB_FUZZ_TARGET is the function of the target this program is for.

extern "C" int LLVMFuzzerInitialize(int*, char***);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerInitialize(int*, char***) {
  cpab::set_up_logging({.output = [](std::string_view) {}});
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cpab::CPAB_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
