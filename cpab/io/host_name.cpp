#include "cpab/io/host_name.h"

#include <unistd.h>

#include <array>

namespace cpab {

std::string host_name() {
  std::array<char, 256> name{};  // the last one stays a NUL
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace cpab
