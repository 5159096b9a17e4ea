#pragma once

#include <vector>

#include "cpab/model/evaluation.h"
#include "cpab/model/metric.h"
#include "cpab/model/resource.h"
#include "cpab/pipeline/stage_methods.h"
#include "cpab/pipeline/stage_runner.h"

namespace cpab {

/// The second half of a cycle: preEvaluate, evaluate, postEvaluate. Returns what user logic asks
/// for, before any rule. Throws StageError; an answer that does not say plainly how many replicas
/// are wanted is one, never a guess. Safe to call from several threads at once.
Evaluation evaluate(const Resource& target, const std::vector<Metric>& metrics,
                    const StageMethods& methods, StageRunner& stages);

}  // namespace cpab
