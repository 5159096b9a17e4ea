#pragma once

#include <string>

#include "cpab/backtest/summary.h"

namespace cpab {

/// A limit for a value of the summary: `sloViolationShare>0.01`.
struct Gate {
  enum class Comparison { above, at_least, below, at_most };

  std::string text;  ///< as it was written
  std::string name;
  Comparison comparison = Comparison::above;
  double limit = 0;

  /// Whether `summary` has a value beyond the limit. Throws std::invalid_argument, naming those
  /// there are, when it has none of that name.
  bool trips(const Summary& summary) const;
};

/// Reads `NAME>NUMBER`, with `>`, `>=`, `<` or `<=`, blanks aside. Throws std::invalid_argument.
Gate parse_gate(const std::string& written);

/// The value called `name`. Throws std::invalid_argument as Gate::trips() does.
double value_of(const Summary& summary, const std::string& name);

}  // namespace cpab
