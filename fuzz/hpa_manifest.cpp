#include "cpab/config/hpa_conversion.h"
#include "cpab/config/load.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {

void fuzz_hpa_manifest(std::string_view input) {
  std::string config;
  try {
    config = config_of_hpa(std::string(input), "");
  } catch (const ConversionError& error) {
    require(*error.what() != '\0', "a refusal says something");
    return;
  }
  try {
    load_config_text(config, "converted", {}, Slips::refuse);
  } catch (const ConfigError&) {
    require(false, "what is converted is valid");
  }
}

}  // namespace cpab
