#include "cpab/pipeline/configured_methods.h"

#include <algorithm>
#include <array>

namespace cpab {

std::vector<std::pair<Stage, MethodConfig>> configured_methods(const Config& config) {
  const std::array<std::pair<Stage, const std::optional<MethodConfig>*>, 8> stages = {{
      {Stage::pre_metric, &config.pre_metric},
      {Stage::metric, &config.metric},
      {Stage::post_metric, &config.post_metric},
      {Stage::pre_evaluate, &config.pre_evaluate},
      {Stage::evaluate, &config.evaluate},
      {Stage::post_evaluate, &config.post_evaluate},
      {Stage::pre_scale, &config.pre_scale},
      {Stage::post_scale, &config.post_scale},
  }};
  std::vector<std::pair<Stage, MethodConfig>> configured;
  for (const auto& [stage, method] : stages) {
    if (*method) configured.emplace_back(stage, **method);
  }
  return configured;
}

bool has_user_logic(const Config& config) {
  const auto methods = configured_methods(config);
  return std::any_of(methods.begin(), methods.end(),
                     [](const auto& entry) { return entry.second.calls_user_logic(); });
}

}  // namespace cpab
