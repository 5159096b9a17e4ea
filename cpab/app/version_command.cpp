#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/model/version.h"

namespace cpab {

int version_command(bool json) {
  std::printf(json ? "{\"version\":\"%s\"}\n" : "cpab %s\n", version().c_str());
  return exit_ok;
}

}  // namespace cpab
