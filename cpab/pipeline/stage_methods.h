#pragma once

#include <memory>

#include "cpab/config/config.h"
#include "cpab/methods/method.h"
#include "cpab/methods/registry.h"

namespace cpab {

/// The user logic of one target: a method for each stage. Hooks that are off are null; `metric`
/// and `evaluate` never are.
struct StageMethods {
  std::unique_ptr<Method> pre_metric;
  std::unique_ptr<Method> metric;
  std::unique_ptr<Method> post_metric;
  std::unique_ptr<Method> pre_evaluate;
  std::unique_ptr<Method> evaluate;
  std::unique_ptr<Method> post_evaluate;
  std::unique_ptr<Method> pre_scale;
  std::unique_ptr<Method> post_scale;
};

/// Builds what `config` names. Throws MethodError as the registry does.
StageMethods make_stage_methods(const Config& config, const MethodRegistry& registry);

}  // namespace cpab
