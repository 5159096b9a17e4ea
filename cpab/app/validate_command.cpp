#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/config/effective.h"
#include "cpab/config/load.h"
#include "cpab/pipeline/script_files.h"

namespace cpab {
namespace {

void warn(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) print_error("warning: " + text);
}

}  // namespace

int validate_command(const std::optional<std::string>& file) {
  const Environment environment = process_environment();
  try {
    const LoadedConfig loaded =
        load_config(file.value_or(config_path(environment)), environment, Slips::refuse);
    warn(loaded.warnings);
    warn(notes_on_scripts(loaded.config, loaded.path));
    std::fputs(effective_config(loaded).c_str(), stdout);
    return exit_ok;
  } catch (const ConfigError& error) {
    print_error(error.what());
    return exit_usage;
  }
}

}  // namespace cpab
