#include <algorithm>

#include "fuzz/loaded_config.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

constexpr const char* file = R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
metric: {type: shell, timeout: 5000, shell: {entrypoint: /metric, command: [a, b]}}
evaluate: {type: http, timeout: 5000, http: {method: GET, url: "http://logic/", successCodes: [200],
  parameterMode: query}}
)";

/// One variable a line: `NAME=value`. In values `\n` is written for a line break.
Environment environment_of(std::string_view text) {
  Environment environment;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) continue;
    std::string value(line.substr(equals + 1));
    for (std::size_t at = value.find("\\n"); at != value.npos; at = value.find("\\n", at)) {
      value.replace(at, 2, "\n");
    }
    environment[std::string(line.substr(0, equals))] = value;
  }
  return environment;
}

}  // namespace

void fuzz_config_environment(std::string_view input) { check_load(file, environment_of(input)); }

}  // namespace cpab
