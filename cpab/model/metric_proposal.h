#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// What one of several metrics asks for, as an evaluation tells it.
struct MetricProposal {
  std::string type;                      ///< `Resource`, `Pods`, ...
  std::string metric;                    ///< its name
  std::optional<std::int32_t> replicas;  ///< none when there is an error
  std::string error;
  std::string current;           ///< where the metric stands, for people: `62%`
  std::string target;            ///< where it should be: `50%`
  bool wins = false;             ///< the evaluation is this proposal
  std::string measured_at = {};  ///< RFC 3339; of several samples the oldest
  std::string note = {};         ///< what else there is to know

  friend bool operator==(const MetricProposal&, const MetricProposal&) = default;
};

/// Reads `json`, a valid JSON value. Proposals are told for people only, so nothing is an error:
/// what is not as above is left out, long texts are cut, and so are lists of more than a hundred.
std::vector<MetricProposal> parse_proposals(std::string_view json);

/// `[{"type":"Resource","metric":"cpu","replicas":3,"current":"62%","target":"50%","wins":true}]`;
/// what is empty is left out.
std::string to_json(const std::vector<MetricProposal>& proposals);

}  // namespace cpab
