#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cpab/io/line_file.h"
#include "cpab/model/decision_record.h"

namespace cpab {

/// Which records are asked for.
struct DecisionQuery {
  std::size_t limit = 100;
  std::uint64_t after_id = 0;     ///< only records with a higher id
  std::optional<WallTime> since;  ///< only records of this moment or later
  bool changed_only = false;      ///< only records that wrote a new count
};

/// Remembers the last decisions, and appends them to a file when there is one. Safe to use from
/// any thread; what it hands out does not change.
class DecisionLog {
 public:
  static constexpr std::size_t capacity = 1000;
  /// Old records go earlier when they are many and large: user logic that always fails with
  /// pages of output must not grow the daemon.
  static constexpr std::size_t max_bytes = 4u << 20;

  /// A record as one line of JSON, shared with whoever has asked for it.
  using Line = std::shared_ptr<const std::string>;

  /// `path` empty: no file.
  explicit DecisionLog(std::string path = {});

  /// Gives the record its id, keeps it and returns the id. A file that cannot be written is warned
  /// of once, until it works again; the record is kept all the same. Who reads meanwhile is not
  /// kept waiting.
  std::uint64_t add(DecisionRecord& record);

  /// The newest records that match, oldest first.
  std::vector<Line> find(const DecisionQuery& query) const;

  /// The id of the newest record; 0 before the first.
  std::uint64_t last_id() const;

  /// The newest record; null before the first.
  Line last() const;

  /// How many records are missing in the file since the start.
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Entry {
    std::uint64_t id;
    WallTime time;
    bool changed;
    Line json;
  };

  Line keep(DecisionRecord& record);
  void write(const std::string& json);

  std::mutex file_mutex_;      // held by add(), so that lines have the order of the ids
  LineFile file_;              // guarded by file_mutex_
  std::uint64_t missing_ = 0;  // since the file could be written; guarded by file_mutex_
  std::atomic<std::uint64_t> dropped_{0};
  mutable std::mutex mutex_;
  std::deque<Entry> entries_;  // guarded by mutex_
  std::size_t bytes_ = 0;      // guarded by mutex_
  std::uint64_t next_id_ = 1;  // guarded by mutex_
};

}  // namespace cpab
