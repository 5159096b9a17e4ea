#include "cpab/api/decision_routes.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpab/api/answers.h"
#include "cpab/api/query.h"
#include "cpab/pipeline/wall_time.h"

namespace cpab {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;

std::uint64_t number_parameter(const Query& query, const char* name, std::uint64_t fallback,
                               std::uint64_t highest) {
  const std::optional<std::string> text = query.find(name);
  if (!text || text->empty()) return fallback;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value > highest) {
    throw QueryError("Invalid format for '" + std::string(name) + "' query parameter; '" + *text +
                     "' is not a whole number up to " + std::to_string(highest));
  }
  return value;
}

/// `since` is an id (records after it) or a time (records from it on).
void read_since(const Query& query, DecisionQuery& wanted) {
  const std::string since = query.find("since").value_or("");
  if (since.empty()) return;
  wanted.since = parse_wall_time(since);
  if (wanted.since) return;
  if (since.find_first_not_of("0123456789") != std::string::npos) {
    throw QueryError("Invalid format for 'since' query parameter; '" + since +
                     "' is neither a decision id nor a time such as 2026-01-31T14:05:30Z");
  }
  wanted.after_id = number_parameter(query, "since", 0, std::numeric_limits<std::uint64_t>::max());
}

/// The records as a JSON array, in pieces.
class RecordList {
 public:
  explicit RecordList(std::vector<DecisionLog::Line> records) : records_(std::move(records)) {}

  std::optional<std::string> next_piece() {
    if (ended_) return std::nullopt;
    std::string piece;
    while (next_ < records_.size() && piece.size() < piece_bytes) {
      piece += next_ == 0 ? '[' : ',';
      piece += *records_[next_];
      records_[next_++].reset();
    }
    if (next_ < records_.size()) return piece;
    ended_ = true;
    return piece += records_.empty() ? "[]" : "]";
  }

  bool ended() const { return ended_; }

 private:
  std::vector<DecisionLog::Line> records_;
  std::size_t next_ = 0;
  bool ended_ = false;
};

}  // namespace

ServerResponse show_decisions(const DecisionLog& log, const ServerRequest& request) {
  const Query query(request.query());
  DecisionQuery wanted;
  wanted.limit = number_parameter(query, "limit", wanted.limit, DecisionLog::capacity);
  wanted.changed_only = query.flag("changed");
  read_since(query, wanted);
  RecordList list(log.find(wanted));
  std::string first = *list.next_piece();
  if (list.ended()) return json_response(200, std::move(first));
  ServerResponse response = json_response(200, {});
  response.stream_has_end = true;
  response.stream = [list = std::move(list), first = std::optional(std::move(first))]() mutable {
    return first ? std::exchange(first, std::nullopt) : list.next_piece();
  };
  return response;
}

ServerResponse show_last_decision(const DecisionLog& log) {
  const DecisionLog::Line record = log.last();
  return record ? json_response(200, *record)
                : error_response(404, "No decision has been made yet");
}

}  // namespace cpab
