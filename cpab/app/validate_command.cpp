#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/config/effective.h"
#include "cpab/config/load.h"

namespace cpab {

int validate_command(const std::optional<std::string>& file) {
  const Environment environment = process_environment();
  try {
    const LoadedConfig loaded =
        load_config(file.value_or(config_path(environment)), environment, Slips::refuse);
    for (const std::string& warning : loaded.warnings) {
      std::fprintf(stderr, "warning: %s\n", warning.c_str());
    }
    std::fputs(effective_config(loaded).c_str(), stdout);
    return exit_ok;
  } catch (const ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return exit_usage;
  }
}

}  // namespace cpab
