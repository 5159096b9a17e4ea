#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/model/evaluation.h"
#include "cpab/model/metric.h"
#include "cpab/model/mode.h"
#include "cpab/model/redaction.h"
#include "cpab/model/run_type.h"
#include "cpab/model/scale_target.h"
#include "cpab/model/time.h"

namespace cpab {

/// One rule at work: what it was given and what it made of it.
struct DecisionStep {
  std::string rule;  ///< `minReplicas`, `maxReplicas`, `steps`, `disabled`, `hold`,
                     ///< `stabilization`, `scaleUpLimit`, `scaleDownLimit`, `override`,
                     ///< `conflict`, `answer`
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::string detail;
  std::string reason =
      {};  ///< the HPA's name for it, such as `TooManyReplicas`; empty: it has none

  friend bool operator==(const DecisionStep&, const DecisionStep&) = default;
};

/// What a cycle came to.
enum class Action {
  scaled,     ///< the replica count was written
  unchanged,  ///< it is already what it should be
  disabled,   ///< the target has 0 replicas while minReplicas is above 0: it was switched off by
              ///< hand
  held,       ///< user logic asked to keep the count, or somebody else changed it meanwhile, or
              ///< the API server answered another one than was asked for
  shadow,     ///< a new count would have been written, were it not for the mode
  failed,     ///< a stage failed; nothing was written, unless `failure` is in postScale
};

/// The wire name: `scaled`, `unchanged`, ...
std::string_view to_string(Action action);

/// Why a cycle ended early.
struct Failure {
  std::string stage;    ///< `target`, `scale`, `kubernetesMetrics`, `preMetric`, `metric`, ...
  std::string reason;   ///< `timeout`, `exit`, `invalid_evaluation`, `kubernetes`, ...
  std::string message;  ///< what the REST API says, in the reference's words
  std::string out;      ///< the last 4 KiB user logic printed
  std::string err;      ///< the last 4 KiB of its standard error

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// What one cycle saw, decided and did. The answer to "why did it scale, or not?".
struct DecisionRecord {
  std::uint64_t id = 0;  ///< counts up from 1 since the start of the daemon; 0 = not kept
  WallTime time{};
  RunType trigger = RunType::scaler;
  Mode mode = Mode::active;
  ScaleTarget target;
  std::string target_uid;                        ///< empty: it was not read; not in the JSON
  std::optional<std::int32_t> current_replicas;  ///< none: the scale could not be read
  std::vector<Metric> metrics;                   ///< the first few; values cut to a limit
  std::size_t metric_count = 0;
  std::optional<WallTime> measured_at;   ///< when all metrics were there
  std::optional<Evaluation> evaluation;  ///< as user logic gave it
  std::vector<DecisionStep> steps;
  std::string limited_by;  ///< the rule that bound the result; empty = none
  std::optional<std::int32_t> desired_replicas;
  Action action = Action::failed;
  std::optional<Failure> failure;
  std::vector<std::pair<std::string, double>> durations;  ///< stage -> milliseconds, in order
  std::string message;                                    ///< one sentence for a person

  friend bool operator==(const DecisionRecord&, const DecisionRecord&) = default;
};

/// Takes secrets out of all that user logic and the API server have written.
void redact(DecisionRecord& record, const Redaction& redaction);

/// The record as one line of JSON (docs/api.md).
std::string to_json(const DecisionRecord& record);

}  // namespace cpab
