#include "cpab/pipeline/stage_methods.h"

namespace cpab {

StageMethods make_stage_methods(const Config& config, const MethodRegistry& registry) {
  const auto hook = [&registry](const std::optional<MethodConfig>& method) {
    return method ? registry.make(*method) : nullptr;
  };
  const auto required = [&registry](const std::optional<MethodConfig>& method) {
    return registry.make(method.value_or(MethodConfig{}));
  };
  return {.pre_metric = hook(config.pre_metric),
          .metric = required(config.metric),
          .post_metric = hook(config.post_metric),
          .pre_evaluate = hook(config.pre_evaluate),
          .evaluate = required(config.evaluate),
          .post_evaluate = hook(config.post_evaluate),
          .pre_scale = hook(config.pre_scale),
          .post_scale = hook(config.post_scale)};
}

}  // namespace cpab
