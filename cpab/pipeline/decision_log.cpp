#include "cpab/pipeline/decision_log.h"

#include <algorithm>

#include "cpab/io/logging.h"

namespace cpab {

DecisionLog::DecisionLog(std::string path) : file_(std::move(path)) {}

std::uint64_t DecisionLog::add(DecisionRecord& record) {
  const std::lock_guard adding(file_mutex_);
  const Line json = keep(record);
  if (!file_.path().empty()) write(*json);
  return record.id;
}

DecisionLog::Line DecisionLog::keep(DecisionRecord& record) {
  const std::lock_guard lock(mutex_);
  record.id = next_id_++;
  Line json = std::make_shared<const std::string>(to_json(record));
  entries_.push_back({record.id, record.time, record.action == Action::scaled, json});
  bytes_ += json->size();
  while (entries_.size() > capacity || (bytes_ > max_bytes && entries_.size() > 1)) {
    bytes_ -= entries_.front().json->size();
    entries_.pop_front();
  }
  return json;
}

std::vector<DecisionLog::Line> DecisionLog::find(const DecisionQuery& query) const {
  const std::lock_guard lock(mutex_);
  std::vector<Line> found;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < query.limit;
       ++entry) {
    if (entry->id <= query.after_id) break;
    if (query.since && entry->time < *query.since) continue;
    if (!query.changed_only || entry->changed) found.push_back(entry->json);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::uint64_t DecisionLog::last_id() const {
  const std::lock_guard lock(mutex_);
  return next_id_ - 1;
}

DecisionLog::Line DecisionLog::last() const {
  const std::lock_guard lock(mutex_);
  return entries_.empty() ? nullptr : entries_.back().json;
}

void DecisionLog::write(const std::string& json) {
  try {
    file_.add(json);
    if (missing_ > 0) {
      log_info("Decision log " + file_.path() +
               " can be written again; decisions missing in it: " + std::to_string(missing_));
    }
    missing_ = 0;
  } catch (const FileError& error) {
    if (missing_ == 0) {
      log_warning(std::string("Decisions are not written to the decision log: ") + error.what());
    }
    ++missing_;
    ++dropped_;
  }
}

}  // namespace cpab
