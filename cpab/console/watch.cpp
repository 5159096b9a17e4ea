#include "cpab/console/watch.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::size_t kept_decisions = 500;

/// As far as charts and lines show it: what is kept for hours is to be small.
DecisionView kept(DecisionView decision) {
  constexpr std::size_t longest_message = 4096;
  constexpr std::size_t longest_value = 256;
  decision.message = utf8_prefix(decision.message, longest_message);
  if (decision.metrics.size() > 1) decision.metrics.clear();
  for (auto& [resource, value] : decision.metrics) value = utf8_prefix(value, longest_value);
  return {.id = decision.id,
          .time = decision.time,
          .current = decision.current,
          .metrics = std::move(decision.metrics),
          .wanted = decision.wanted,
          .desired = decision.desired,
          .action = decision.action,
          .message = std::move(decision.message)};
}

}  // namespace

std::vector<DecisionView> Watch::refresh(const std::stop_token& stop) {
  try {
    return fetch(stop);
  } catch (const DaemonApiError& error) {
    moment_.trouble = error.what();
    return {};
  }
}

std::vector<DecisionView> Watch::fetch(const std::stop_token& stop) {
  StatusView status = api_.status(stop);
  // A restarted daemon counts from 1 again.
  if (moment_.status && moment_.status->started_at != status.started_at) seen_ = 0;
  std::vector<DecisionView> fresh;
  if (status.last_decision > seen_) fresh = api_.decisions_after(seen_, first_, stop);
  if (!fresh.empty()) seen_ = fresh.back().id;
  auto& decisions = moment_.decisions;
  std::transform(fresh.begin(), fresh.end(), std::back_inserter(decisions), kept);
  while (decisions.size() > kept_decisions) decisions.pop_front();
  moment_.status = std::move(status);
  moment_.trouble.clear();
  return fresh;
}

}  // namespace cpab
