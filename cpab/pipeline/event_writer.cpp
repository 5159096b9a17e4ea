#include "cpab/pipeline/event_writer.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cpab/io/logging.h"
#include "cpab/kubernetes/cluster.h"

namespace cpab {
namespace {

/// For one Event, retries included.
constexpr std::chrono::seconds request_budget{5};

/// Of any object (Kubernetes, "Object Names and IDs": a DNS subdomain).
constexpr std::size_t longest_name = 253;

/// Distinct also for two in the same millisecond of different autoscalers: the target is part of
/// it, as far as there is room.
std::string event_name(std::string target, WallTime now) {
  std::array<char, 20> digits{};
  const auto size = static_cast<std::size_t>(
      std::snprintf(digits.data(), digits.size(), ".%llx",
                    static_cast<unsigned long long>(now.time_since_epoch().count())));
  target.resize(std::min(target.size(), longest_name - size));
  while (target.ends_with('.') || target.ends_with('-')) target.pop_back();
  return target + digits.data();
}

bool is_refusal(const KubernetesError& error) { return error.status == 401 || error.status == 403; }

}  // namespace

/// A bucket of `burst` tokens that fills again, kept as the moment at which it will be full.
bool EventBudget::take(TimePoint now) {
  const TimePoint full_at = std::max(full_at_.value_or(now), now);
  if (full_at + interval > now + burst * interval) return false;
  full_at_ = full_at + interval;
  return true;
}

void EventWriter::write(const DecisionRecord& record, const std::stop_token& stop) {
  if (!record.target_uid.empty()) last_uid_ = record.target_uid;
  const auto event = event_of(record);
  const TimePoint now = clock_.now();
  if (!event || now < quiet_until_) return;
  const std::string key = last_uid_ + '\n' + event->reason + '\n' + event->message;
  const Budget budget{now + request_budget, stop};
  try {
    const auto known = written_.find(key);
    if (known != written_.end()) {
      repeat(known->second, budget);
    } else if (budget_.take(now)) {
      create(key, new_event(record, *event), budget);
    }
  } catch (const KubernetesError& error) {
    if (is_refusal(error)) quiet_until_ = clock_.now() + forbidden_pause;
    log_verbose(1, "An Event could not be written: " + std::string(error.what()));
  }
}

KubernetesEvent EventWriter::new_event(const DecisionRecord& record, const ScalingEvent& event) {
  return {.name = event_name(record.target.name, clock_.wall_now()),
          .about = record.target,
          .uid = last_uid_,
          .warning = event.warning,
          .reason = event.reason,
          .message = event.message,
          .first = record.time,
          .last = record.time};
}

/// Counts; writes that down when the last time is long enough ago.
void EventWriter::repeat(Written& written, const Budget& budget) {
  const TimePoint now = clock_.now();
  ++written.event.count;
  written.event.last = clock_.wall_now();
  if (now < written.at + repeat_pause || !budget_.take(now)) return;
  written.at = now;
  try {
    events_.update(written.event, budget);
  } catch (const KubernetesError& error) {
    if (error.status != 404) throw;
    events_.create(written.event, budget);  // it was deleted for its age
  }
}

void EventWriter::create(const std::string& key, const KubernetesEvent& event,
                         const Budget& budget) {
  events_.create(event, budget);
  if (written_.size() == remembered) forget_oldest();
  written_[key] = {event, clock_.now()};
}

void EventWriter::forget_oldest() {
  written_.erase(std::min_element(
      written_.begin(), written_.end(),
      [](const auto& one, const auto& other) { return one.second.at < other.second.at; }));
}

}  // namespace cpab
