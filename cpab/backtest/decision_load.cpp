#include "cpab/backtest/decision_load.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

#include "cpab/model/json_text.h"
#include "cpab/model/number.h"
#include "cpab/model/quantity.h"
#include "cpab/pipeline/wall_time.h"

namespace cpab {
namespace {

[[noreturn]] void fail(const std::string& problem) { throw std::runtime_error(problem); }

/// What one metric has asked for.
struct LoggedProposal {
  std::string type;
  std::string metric;
  std::string current;
  std::string target;
};

/// What a record says of the load.
struct LoggedDecision {
  WallTime time{};
  std::string target;
  std::optional<std::int32_t> replicas;
  std::size_t metric_count = 0;
  std::vector<std::string> values;  ///< of the first metrics
  std::vector<LoggedProposal> proposals;
};

std::string text_at(std::string_view object, std::string_view key) {
  const auto value = json_member(object, key);
  return value ? json_string(*value).value_or("") : "";
}

std::optional<double> number_at(std::string_view object, std::string_view key) {
  const auto value = json_member(object, key);
  return value ? number_in(*value) : std::nullopt;
}

void read_metrics(std::string_view metrics, LoggedDecision& decision) {
  decision.metric_count =
      static_cast<std::size_t>(std::clamp(number_at(metrics, "count").value_or(0), 0.0, 1e9));
  for (const std::string_view metric :
       json_elements(json_member(metrics, "values").value_or("[]"))) {
    decision.values.push_back(text_at(metric, "value"));
  }
}

void read_proposals(std::string_view evaluation, LoggedDecision& decision) {
  for (const std::string_view each :
       json_elements(json_member(evaluation, "proposals").value_or("[]"))) {
    decision.proposals.push_back({text_at(each, "type"), text_at(each, "metric"),
                                  text_at(each, "current"), text_at(each, "target")});
  }
}

/// None for a line that is no record of a cycle that may scale. Throws JsonError.
std::optional<LoggedDecision> decision_in(std::string_view line) {
  LoggedDecision decision;
  std::optional<WallTime> time;
  std::string trigger;
  for (const auto& [key, value] : json_members(line)) {
    if (key == "time") time = parse_wall_time(json_string(value).value_or(""));
    if (key == "trigger") trigger = json_string(value).value_or("");
    if (key == "target")
      decision.target = text_at(value, "namespace") + "/" + text_at(value, "name");
    if (key == "metrics") read_metrics(value, decision);
    if (key == "evaluation" && value != "null") read_proposals(value, decision);
    const auto number = key == "currentReplicas" ? number_in(value) : std::nullopt;
    if (number && *number >= 0 && *number <= 1e9) {
      decision.replicas = static_cast<std::int32_t>(*number);
    }
  }
  if (!time || trigger.empty() || trigger == "api_dry_run") return std::nullopt;
  decision.time = *time;
  return decision;
}

std::optional<double> number_of_value(const std::string& value, const std::string& pointer) {
  if (pointer.empty()) return number_in(value);
  try {
    const auto part = json_at(value, pointer);
    return part ? number_in(json_string(*part).value_or(std::string(*part))) : std::nullopt;
  } catch (const JsonError&) {
    return std::nullopt;  // cut off, or no JSON
  }
}

/// The sum of the metric values; those that the record leaves out are taken to be like the others.
std::optional<double> sum_of_values(const LoggedDecision& decision, const std::string& pointer) {
  double sum = 0;
  for (const std::string& value : decision.values) {
    const auto number = number_of_value(value, pointer);
    if (!number) return std::nullopt;
    sum += *number;
  }
  if (decision.values.empty()) return std::nullopt;
  const auto recorded = static_cast<double>(decision.values.size());
  return sum * std::max(static_cast<double>(decision.metric_count), recorded) / recorded;
}

bool is_percent(const LoggedProposal& proposal) { return proposal.current.ends_with('%'); }

/// Whether the proposal tells the whole load, not the share of a replica.
bool is_total(const LoggedProposal& proposal) {
  const bool is_of_pods = proposal.type != "Object" && proposal.type != "External";
  return !is_of_pods && !proposal.target.ends_with("(avg)");
}

std::optional<double> load_of(const LoggedDecision& decision, const std::string& metric) {
  for (const LoggedProposal& proposal : decision.proposals) {
    if (proposal.metric != metric || proposal.current.empty()) continue;
    const auto value = is_percent(proposal)
                           ? number_in(proposal.current.substr(0, proposal.current.size() - 1))
                           : quantity_double(proposal.current);
    if (!value || is_total(proposal)) return value;
    // Of no replica there is no share.
    if (decision.replicas.value_or(0) == 0) return std::nullopt;
    return *value * *decision.replicas;
  }
  return std::nullopt;
}

/// A whole log.
class DecisionLogReader {
 public:
  explicit DecisionLogReader(const DecisionLoadOptions& options) : options_(options) {}

  void read_line(const std::string& line) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    try {
      if (auto decision = decision_in(line)) decisions_.push_back(std::move(*decision));
    } catch (const JsonError&) {
      ++broken_lines_;
    }
  }

  RecordedLoad load() {
    if (decisions_.empty()) fail("there is no decision record in it");
    std::stable_sort(decisions_.begin(), decisions_.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    require_one_target();
    const std::string metric = options_.proposal.empty() ? deduced_proposal() : options_.proposal;
    const LoadSamples samples = metric.empty() ? sum_values() : take_proposals(metric);
    if (samples.empty()) fail(nothing_usable(metric));
    RecordedLoad load = recorded_load(samples);
    add_knowledge(load, metric);
    add_remarks(load, samples.size());
    if (metric.empty()) remark_on_cut_lists(load);
    return load;
  }

 private:
  void require_one_target() const {
    const std::string& first = decisions_.front().target;
    for (const LoggedDecision& decision : decisions_) {
      if (decision.target != first) {
        fail("the records are about " + first + " and about " + decision.target +
             "; give those of one target");
      }
    }
  }

  /// The name of the metric whose proposals have to say the load; empty when the values do.
  std::string deduced_proposal() const {
    if (!options_.member.empty() || !sum_values().empty()) return "";
    std::set<std::string> names;
    for (const LoggedDecision& decision : decisions_) {
      for (const LoggedProposal& proposal : decision.proposals) names.insert(proposal.metric);
    }
    if (names.size() <= 1) return names.empty() ? "" : *names.begin();
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    fail(
        "several metrics have asked for replicas; write decisions: {file: ..., proposal: NAME}, "
        "the name one of " +
        all);
  }

  LoadSamples sum_values() const {
    LoadSamples samples;
    for (const LoggedDecision& decision : decisions_) {
      add(samples, decision, sum_of_values(decision, options_.member));
    }
    return samples;
  }

  LoadSamples take_proposals(const std::string& metric) const {
    LoadSamples samples;
    for (const LoggedDecision& decision : decisions_) {
      add(samples, decision, load_of(decision, metric));
    }
    return samples;
  }

  static void add(LoadSamples& samples, const LoggedDecision& decision,
                  std::optional<double> load) {
    if (load && *load >= 0 && *load <= 1e15) samples.insert_or_assign(decision.time, *load);
  }

  std::string nothing_usable(const std::string& metric) const {
    if (!metric.empty()) return "no record has a proposal of the metric " + metric;
    if (!options_.member.empty())
      return "no metric value is JSON with a number at " + options_.member;
    return "no record has metric values that are numbers, and none has proposals; with values that "
           "are JSON, say where the number is, such as member: /load";
  }

  /// What is known of the world at the first record that says something.
  void add_knowledge(RecordedLoad& load, const std::string& metric) const {
    for (const LoggedDecision& decision : decisions_) {
      if (!load.replicas && decision.time >= *load.start) load.replicas = decision.replicas;
      for (const LoggedProposal& proposal : decision.proposals) {
        if (proposal.metric == metric && is_percent(proposal)) load.capacity_per_replica = 100;
      }
    }
  }

  void add_remarks(RecordedLoad& load, std::size_t used) const {
    const std::string all = std::to_string(decisions_.size()) + " records";
    if (used < decisions_.size()) {
      load.remarks.push_back(std::to_string(decisions_.size() - used) + " of " + all +
                             " have no usable value (failed cycles, values cut to 256 bytes) and "
                             "are left out");
    }
    if (broken_lines_ > 0) {
      load.remarks.push_back("lines that are no records, such as a last one that was cut off: " +
                             std::to_string(broken_lines_));
    }
  }

  void remark_on_cut_lists(RecordedLoad& load) const {
    const auto cut = std::count_if(decisions_.begin(), decisions_.end(), [](const auto& each) {
      return each.metric_count > each.values.size() && !each.values.empty();
    });
    if (cut > 0) {
      load.remarks.push_back(std::to_string(cut) + " of " + std::to_string(decisions_.size()) +
                             " records hold the first 20 metrics only; the others are taken to be "
                             "like them");
    }
  }

  const DecisionLoadOptions& options_;
  std::vector<LoggedDecision> decisions_;
  std::size_t broken_lines_ = 0;
};

}  // namespace

RecordedLoad parse_decision_load(const std::string& text, const DecisionLoadOptions& options) {
  DecisionLogReader reader(options);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) reader.read_line(line);
  return reader.load();
}

}  // namespace cpab
