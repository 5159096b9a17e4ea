#include "cpab/pipeline/decision_log.h"

#include <algorithm>

#include "cpab/io/file.h"
#include "cpab/io/logging.h"

namespace cpab {

DecisionLog::DecisionLog(std::string path) : path_(std::move(path)) {}

std::uint64_t DecisionLog::add(DecisionRecord& record) {
  const std::lock_guard lock(mutex_);
  record.id = next_id_++;
  std::string json = to_json(record);
  if (!path_.empty()) append_to_file(json + "\n");
  bytes_ += json.size();
  entries_.push_back({record.id, record.time, record.action == Action::scaled, std::move(json)});
  while (entries_.size() > capacity || (bytes_ > max_bytes && entries_.size() > 1)) {
    bytes_ -= entries_.front().json.size();
    entries_.pop_front();
  }
  return record.id;
}

std::vector<std::string> DecisionLog::find(const DecisionQuery& query) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> found;
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

std::optional<std::string> DecisionLog::last() const {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) return std::nullopt;
  return entries_.back().json;
}

void DecisionLog::append_to_file(const std::string& line) {
  try {
    append_file(path_, line);
    if (file_failing_) log_info("Decision log " + path_ + " can be written again");
    file_failing_ = false;
  } catch (const FileError& error) {
    if (!file_failing_) {
      log_warning(std::string("Decisions are not written to the decision log: ") + error.what());
    }
    file_failing_ = true;
  }
}

}  // namespace cpab
