#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cpab {

/// A decision record as it came over the API, as far as it is shown to people. Words are kept as
/// they are, so that records of other versions can be shown too; what is missing is empty.
struct DecisionView {
  struct Step {
    std::string rule;
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::string detail;
    std::string reason;  ///< the name that the HPA has for it; empty = none

    friend bool operator==(const Step&, const Step&) = default;
  };

  /// What one metric of several would have.
  struct Proposal {
    std::string type;
    std::string metric;
    std::optional<std::int64_t> replicas;  ///< none: see `error`
    std::string error;
    std::string current;
    std::string target;
    std::string measured_at;
    std::string note;
    bool wins = false;  ///< it is what was asked for

    friend bool operator==(const Proposal&, const Proposal&) = default;
  };

  struct Failure {
    std::string stage;
    std::string reason;
    std::string message;
    std::string out;
    std::string err;

    friend bool operator==(const Failure&, const Failure&) = default;
  };

  std::uint64_t id = 0;  ///< 0: a dry run
  std::string time;
  std::string trigger;
  std::string target;  ///< `Deployment default/shop`
  std::optional<std::int64_t> current;
  std::vector<std::pair<std::string, std::string>> metrics;  ///< resource and value
  std::uint64_t metric_count = 0;
  bool evaluated = false;
  std::optional<std::int64_t> wanted;  ///< none: a hold, when `evaluated`
  std::string reason;
  std::vector<Proposal> proposals;
  std::vector<Step> steps;
  std::string limited_by;
  std::optional<std::int64_t> desired;
  std::string action;
  std::optional<Failure> failure;
  std::vector<std::pair<std::string, double>> durations;  ///< stage -> milliseconds
  std::string message;

  friend bool operator==(const DecisionView&, const DecisionView&) = default;
};

/// What came over the API is not what cpab would say.
struct NotFromCpab : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads one record. Throws NotFromCpab.
DecisionView parse_decision(std::string_view json);

/// Reads a list of records. Throws NotFromCpab.
std::vector<DecisionView> parse_decisions(std::string_view json);

}  // namespace cpab
