#include "cpab/console/watch.h"

namespace cpab {
namespace {

constexpr std::size_t kept_decisions = 500;

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
  decisions.insert(decisions.end(), fresh.begin(), fresh.end());
  while (decisions.size() > kept_decisions) decisions.pop_front();
  moment_.status = std::move(status);
  moment_.trouble.clear();
  return fresh;
}

}  // namespace cpab
