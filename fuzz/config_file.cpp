#include "fuzz/loaded_config.h"
#include "fuzz/targets.h"

namespace cpab {

void fuzz_config_file(std::string_view input) { check_load(input, {}); }

}  // namespace cpab
