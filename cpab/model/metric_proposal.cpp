#include "cpab/model/metric_proposal.h"

#include <charconv>

#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::size_t most_proposals = 100;
std::string text_of(std::string_view value) {
  const std::string text = json_string(value).value_or("");
  return std::string(utf8_prefix(text, shown_text));
}

std::optional<std::int32_t> count_of(std::string_view value) {
  std::int32_t count = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, count);
  if (error != std::errc() || stop != end || count < 0) return std::nullopt;
  return count;
}

MetricProposal parse_proposal(std::string_view object) {
  MetricProposal proposal;
  JsonCursor cursor(object);
  cursor.members([&](std::string_view key) {
    const std::string_view value = cursor.value();
    if (key == "type") proposal.type = text_of(value);
    if (key == "metric") proposal.metric = text_of(value);
    if (key == "replicas") proposal.replicas = count_of(value);
    if (key == "error") proposal.error = text_of(value);
    if (key == "current") proposal.current = text_of(value);
    if (key == "target") proposal.target = text_of(value);
    if (key == "measuredAt") proposal.measured_at = text_of(value);
    if (key == "note") proposal.note = text_of(value);
    if (key == "wins") proposal.wins = value == "true";
    return true;
  });
  return proposal;
}

void add_text(std::string& json, const char* key, const std::string& text) {
  if (!text.empty()) json += std::string(",\"") + key + "\":" + json_quote(text);
}

std::string to_json(const MetricProposal& proposal) {
  std::string json =
      "{\"type\":" + json_quote(proposal.type) + ",\"metric\":" + json_quote(proposal.metric);
  if (proposal.replicas) json += ",\"replicas\":" + std::to_string(*proposal.replicas);
  add_text(json, "error", proposal.error);
  add_text(json, "current", proposal.current);
  add_text(json, "target", proposal.target);
  add_text(json, "measuredAt", proposal.measured_at);
  add_text(json, "note", proposal.note);
  if (proposal.wins) json += ",\"wins\":true";
  return json + "}";
}

}  // namespace

std::vector<MetricProposal> parse_proposals(std::string_view json) {
  std::vector<MetricProposal> proposals;
  if (json.empty() || json.front() != '[') return proposals;
  JsonCursor cursor(json);
  cursor.elements([&] {
    const std::string_view element = cursor.value();
    const bool wanted = element.front() == '{' && proposals.size() < most_proposals;
    if (wanted) proposals.push_back(parse_proposal(element));
  });
  return proposals;
}

std::string to_json(const std::vector<MetricProposal>& proposals) {
  std::string json = "[";
  for (const MetricProposal& proposal : proposals) {
    if (json.size() > 1) json += ',';
    json += to_json(proposal);
  }
  return json + "]";
}

}  // namespace cpab
