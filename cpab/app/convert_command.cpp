#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/config/hpa_conversion.h"
#include "cpab/io/file.h"

namespace cpab {
namespace {

std::string manifest_at(const std::string& path) {
  return read_file(path == "-" ? standard_input : path, file_kind::manifest);
}

}  // namespace

int convert_command(const ConvertOptions& options) {
  try {
    std::fputs(config_of_hpa(manifest_at(options.manifest), options.name).c_str(), stdout);
  } catch (const std::runtime_error& error) {  // ConversionError, FileError
    print_error("cpab convert " + options.manifest + ": " + error.what());
    return exit_usage;
  }
  std::fputs(
      "Check it with `cpab validate`, and delete the HorizontalPodAutoscaler before cpab scales: "
      "two autoscalers of one target fight.\n",
      stderr);
  return exit_ok;
}

}  // namespace cpab
