#include "cpab/model/version.h"

namespace cpab {

std::string version() { return CPAB_VERSION; }

std::string user_agent() { return "cpab/" + version(); }

}  // namespace cpab
