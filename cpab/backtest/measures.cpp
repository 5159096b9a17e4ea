#include "cpab/backtest/measures.h"

#include <algorithm>
#include <iterator>

namespace cpab {
namespace {

constexpr Measure measures[] = {
    {"sloViolationShare", "Service level violated", "share of the time", "share", true},
    {"sloViolationLongestSeconds", "Longest violation", "at a stretch", "seconds", true},
    {"podHours", "Pod-hours", "pods that there are, starting ones included, times time", "", true},
    {"neededPodHours", "Pod-hours needed", "what the service level would have taken", ""},
    {"underProvisionedShare", "Too few replicas", "share of the time with too few ready", "share",
     true},
    {"overProvisionedShare", "Too many replicas", "share of the time with too many ready", "share",
     true},
    {"underProvisioningAccuracy", "Missing on average", "in relation to what is needed", "share",
     true},
    {"overProvisioningAccuracy", "Too much on average", "in relation to what is needed", "share",
     true},
    {"underProvisionedPodHours", "Pod-hours missing", "ready replicas short of need, times time",
     "", true},
    {"overProvisionedPodHours", "Pod-hours too many", "ready replicas beyond need, times time", "",
     true},
    {"maxReplicas", "Most pods", "at any one time", ""},
    {"scaleUps", "Scale-ups", "the wanted count rose", ""},
    {"scaleDowns", "Scale-downs", "the wanted count fell", ""},
    {"reversals", "Reversals", "changes that went the other way than the one before", "", true},
    {"jitterPerHour", "Jitter an hour", "changes beyond those needed; below 0: sluggish", ""},
    {"readyLagMeanSeconds", "Waiting for ready, on average",
     "from wanting more than is ready until it is", "seconds", true},
    {"readyLagMaxSeconds", "Waiting for ready, at most",
     "from wanting more than is ready until it is", "seconds", true},
    {"cycles", "Cycles", "how often it decided", ""},
    {"cyclesFailed", "Cycles that failed", "and therefore changed nothing", "", true},
    {"cyclesFailedWithoutFault", "Failed without a fault", "while no fault of the scenario lasted",
     "", true},
    {"cyclesHeld", "Cycles that held", "asked to keep what is there", ""},
    {"cyclesScaled", "Cycles that scaled", "wrote another count", ""},
};

}  // namespace

Measure measure_of(const std::string& name) {
  const auto found = std::find_if(std::begin(measures), std::end(measures),
                                  [&](const Measure& measure) { return measure.name == name; });
  return found == std::end(measures) ? Measure{"", "", "", ""} : *found;
}

}  // namespace cpab
