#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cpab/backtest/summary.h"

namespace cpab {

/// A limit for a value of the summary: `sloViolationShare>0.01`.
struct Gate {
  enum class Comparison { above, at_least, below, at_most };
  enum class Scope { all, config, compare };

  std::string text;          ///< as it was written
  Scope scope = Scope::all;  ///< whose summaries it is about
  std::string name;
  Comparison comparison = Comparison::above;
  double limit = 0;
  bool is_relative = false;  ///< `limit` times what the first configuration has
};

/// Reads `NAME>NUMBER`, with `>`, `>=`, `<` or `<=`, blanks aside. `config.NAME` is about the first
/// configuration alone, `compare.NAME` about the second, and so is `1.1x` in place of the number,
/// in relation to the first. Throws std::invalid_argument.
Gate parse_gate(const std::string& written);

/// `gates`, and for each of so many configurations that has no limit for cycles that failed: none
/// may fail while no fault of the scenario lasts.
std::vector<Gate> with_default_gates(std::vector<Gate> gates, std::size_t configurations);

/// A sentence for each limit that one of `summaries`, one or two, is beyond. Throws
/// std::invalid_argument when there is no such value, or no second summary for a limit about it.
std::vector<std::string> beyond_limits(const std::vector<Gate>& gates,
                                       const std::vector<NamedSummary>& summaries);

/// The value called `name`. Throws std::invalid_argument, naming those there are, when there is
/// none.
double value_of(const Summary& summary, const std::string& name);

}  // namespace cpab
