#pragma once

#include <functional>
#include <stop_token>

#include "cpab/decision/decide.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/pipeline/stage_methods.h"
#include "cpab/pipeline/stage_runner.h"

namespace cpab {

/// The last part of a cycle: carrying a decision out.
class Scaler {
 public:
  /// Once `shutdown` is requested nothing is written any more.
  Scaler(ScaleTarget target, Bounds bounds, Cluster& cluster, const StageMethods& methods,
         std::stop_token shutdown);

  struct Job {
    const Resource& target;
    const Scale& observed;                        ///< what the decision was based on
    const std::optional<Evaluation>& evaluation;  ///< none when nobody was asked
    Decision decision;                            ///< of action unchanged or scaled
    std::function<void()> written = [] {};  ///< called once another count is, before postScale
  };

  /// Runs preScale, writes the count if it changes, runs postScale. When somebody else changed the
  /// count since it was read, nothing is written and the decision becomes `held`; so it does when
  /// the API server answers another count than it was asked for. Throws StageError; `job.decision`
  /// then still says what was done before.
  void carry_out(Job& job, StageRunner& stages) const;

 private:
  /// Returns the count that came of it; that which was observed when nothing was written.
  std::int32_t write(Job& job, StageRunner& stages) const;

  ScaleTarget target_;
  Bounds bounds_;
  Cluster& cluster_;
  const StageMethods& methods_;
  std::stop_token shutdown_;
};

}  // namespace cpab
