#include "cpab/backtest/gate.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "cpab/model/number.h"

namespace cpab {
namespace {

bool is_beyond(double value, Gate::Comparison comparison, double limit) {
  switch (comparison) {
    case Gate::Comparison::above:
      return value > limit;
    case Gate::Comparison::at_least:
      return value >= limit;
    case Gate::Comparison::below:
      return value < limit;
    case Gate::Comparison::at_most:
      break;
  }
  return value <= limit;
}

bool concerns(const Gate& gate, std::size_t number) {
  switch (gate.scope) {
    case Gate::Scope::all:
      return true;
    case Gate::Scope::config:
      return number == 0;
    case Gate::Scope::compare:
      break;
  }
  return number == 1;
}

std::string short_text(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

std::string complaint(const Gate& gate, const std::string& name, double value,
                      const NamedSummary& first) {
  std::string text = name + " is beyond the limit " + gate.text + ": it is " + short_text(value);
  if (gate.is_relative) {
    text += ", and " + short_text(value_of(first.summary, gate.name)) + " with " + first.name;
  }
  return text;
}

/// What is before `NAME`, which it becomes.
Gate::Scope take_scope(std::string& name) {
  for (const auto& [prefix, scope] :
       {std::pair("config.", Gate::Scope::config), std::pair("compare.", Gate::Scope::compare)}) {
    if (!name.starts_with(prefix)) continue;
    name.erase(0, std::string_view(prefix).size());
    return scope;
  }
  return Gate::Scope::all;
}

/// What `limit` begins with, and without which it is left.
Gate::Comparison take_comparison(std::string& limit) {
  using Comparison = Gate::Comparison;
  for (const auto& [sign, comparison] :
       {std::pair(">=", Comparison::at_least), std::pair("<=", Comparison::at_most),
        std::pair(">", Comparison::above), std::pair("<", Comparison::below)}) {
    if (!limit.starts_with(sign)) continue;
    limit.erase(0, std::string_view(sign).size());
    return comparison;
  }
  return Comparison::above;
}

}  // namespace

double value_of(const Summary& summary, const std::string& name) {
  std::string names;
  for (const auto& [known, value] : summary) {
    if (known == name) return value;
    names += (names.empty() ? "" : ", ") + known;
  }
  throw std::invalid_argument("the summary has no " + name + ", but: " + names);
}

std::vector<std::string> beyond_limits(const std::vector<Gate>& gates,
                                       const std::vector<NamedSummary>& summaries) {
  std::vector<std::string> sentences;
  const NamedSummary& first = summaries.front();
  for (const Gate& gate : gates) {
    if (gate.scope == Gate::Scope::compare && summaries.size() < 2) {
      throw std::invalid_argument("the limit " + gate.text + " is about --compare; give that too");
    }
    const double factor = gate.is_relative ? value_of(first.summary, gate.name) : 1;
    for (std::size_t i = 0; i < summaries.size(); ++i) {
      const double value = value_of(summaries[i].summary, gate.name);
      if (!concerns(gate, i) || !is_beyond(value, gate.comparison, gate.limit * factor)) continue;
      sentences.push_back(complaint(gate, summaries[i].name, value, first));
    }
  }
  return sentences;
}

std::vector<Gate> with_default_gates(std::vector<Gate> gates, std::size_t configurations) {
  const std::vector<Gate> given = gates;
  for (std::size_t i = 0; i < configurations; ++i) {
    const bool has_own = std::any_of(given.begin(), given.end(), [&](const Gate& gate) {
      return gate.name.starts_with("cyclesFailed") && concerns(gate, i);
    });
    if (has_own) continue;
    Gate gate = parse_gate("cyclesFailedWithoutFault>0");
    gate.text += " (the default)";
    gate.scope = i == 0 ? Gate::Scope::config : Gate::Scope::compare;
    gates.push_back(gate);
  }
  return gates;
}

Gate parse_gate(const std::string& written) {
  Gate gate;
  gate.text = written;
  std::erase(gate.text, ' ');
  const std::size_t at = std::min(gate.text.find_first_of("<>"), gate.text.size());
  gate.name = gate.text.substr(0, at);
  gate.scope = take_scope(gate.name);
  std::string limit = gate.text.substr(at);
  gate.comparison = take_comparison(limit);
  gate.is_relative = limit.ends_with('x');
  if (gate.is_relative) limit.pop_back();
  const std::optional<double> number = number_in(limit);
  if (gate.name.empty() || !number || (gate.is_relative && gate.scope == Gate::Scope::config)) {
    throw std::invalid_argument("'" + written +
                                "' is no limit; write such as sloViolationShare>0.01, or with "
                                "--compare podHours>1.1x");
  }
  gate.limit = *number;
  if (gate.is_relative) gate.scope = Gate::Scope::compare;
  return gate;
}

}  // namespace cpab
