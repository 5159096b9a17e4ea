#include "cpab/methods/hpa_method.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "cpab/decision/proposal_choice.h"
#include "cpab/methods/gathered_metrics.h"
#include "cpab/methods/hpa_words.h"
#include "cpab/model/evaluation.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// The one metric in the input of the evaluate stage.
std::string document_of(std::string_view input) {
  const auto metrics = json_elements(json_member(input, "metrics").value_or("[]"));
  if (metrics.size() != 1) {
    throw MethodError("config", "there are " + std::to_string(metrics.size()) +
                                    " metrics and type hpa takes one, that of type kubernetes; set "
                                    "runMode to per-resource");
  }
  const auto value = json_member(metrics.front(), "value");
  auto document = value ? json_string(*value) : std::nullopt;
  if (!document) throw GatheredMetricsError("the metric is empty");
  return *std::move(document);
}

/// What became of all metrics.
struct Outcomes {
  std::vector<MetricOutcome> all;
  std::vector<MetricSpec> specs;
  std::vector<std::string> notes;
  ReplicaCounts replicas;
  std::int64_t matching_pods = 0;  ///< as far as a metric told
};

Outcomes outcomes_of(std::string_view document, const SampleAge& age, Tolerance tolerance,
                     Parity parity) {
  Outcomes outcomes;
  read_gathered_metrics(document, age, [&](GatheredMetric metric) {
    if (const auto* failure = std::get_if<MetricFailure>(&metric.result)) {
      outcomes.all.emplace_back(*failure);
    } else {
      const auto& measured = std::get<Measurement>(metric.result);
      outcomes.all.push_back(propose_replicas(metric.spec, measured,
                                              ProposalRules(metric.replicas, tolerance, parity)));
      outcomes.matching_pods = std::max(outcomes.matching_pods, matching_pods(measured));
    }
    outcomes.specs.push_back(std::move(metric.spec));
    outcomes.notes.push_back(std::move(metric.note));
    outcomes.replicas = metric.replicas;
  });
  if (outcomes.all.empty()) throw GatheredMetricsError("there are no metrics in it");
  return outcomes;
}

/// Why nothing may be scaled.
MethodError refusal(const Outcomes& outcomes, const MetricFailure& first) {
  const auto failed = std::count_if(
      outcomes.all.begin(), outcomes.all.end(),
      [](const MetricOutcome& outcome) { return std::holds_alternative<MetricFailure>(outcome); });
  const auto all = static_cast<std::ptrdiff_t>(outcomes.all.size());
  std::string text = std::to_string(failed) + " of " + std::to_string(all) + " metrics failed";
  if (failed < all) {
    text += ", and the others ask for less than the " + std::to_string(outcomes.replicas.spec) +
            " replicas there are, which is not done while one is unknown";
  }
  return {first.reason, text + "; the first failure: " + first.message};
}

std::vector<MetricProposal> proposals_of(const Outcomes& outcomes, const ProposalChoice& choice) {
  std::vector<MetricProposal> proposals;
  for (std::size_t i = 0; i < outcomes.all.size(); ++i) {
    proposals.push_back(proposal_of(outcomes.specs[i], outcomes.all[i]));
    proposals.back().wins = choice.metric == i;
    proposals.back().note = outcomes.notes[i];
  }
  return proposals;
}

/// Without replicas there are no pods whose metrics could be there: that is no trouble.
bool has_nothing_to_measure(const Outcomes& outcomes) {
  return outcomes.replicas.spec == 0 &&
         std::none_of(outcomes.specs.begin(), outcomes.specs.end(),
                      [](const MetricSpec& spec) { return spec.is_single_value(); });
}

std::string evaluation_of(const Outcomes& outcomes) {
  if (has_nothing_to_measure(outcomes)) {
    return to_json(
        Evaluation{std::nullopt, "there are 0 replicas, and all metrics are about pods"});
  }
  const std::int32_t current = outcomes.replicas.spec;
  const ProposalChoice choice = choose_proposal(outcomes.all, current);
  if (!choice.replicas) throw refusal(outcomes, *choice.failure);
  return to_json(Evaluation{choice.replicas,
                            reason_for(outcomes.specs[*choice.metric],
                                       std::get<Proposal>(outcomes.all[*choice.metric]), current) +
                                surplus_pods(outcomes.matching_pods, outcomes.replicas),
                            proposals_of(outcomes, choice)});
}

}  // namespace

std::string HpaMethod::run(std::string_view input, const CallLimits& limits) {
  // The document, and the readings of one metric in it, whose maps take about twice their text.
  limits.take(3 * input.size());
  try {
    std::string evaluation = evaluation_of(outcomes_of(document_of(input), sample_age_(), tolerance_, parity_));
    limits.keep(evaluation);
    return evaluation;
  } catch (const GatheredMetricsError& error) {
    throw MethodError("other",
                      std::string("the metric is no document of type kubernetes: ") + error.what());
  }
}

}  // namespace cpab
