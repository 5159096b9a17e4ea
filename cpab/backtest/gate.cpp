#include "cpab/backtest/gate.h"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace cpab {

double value_of(const Summary& summary, const std::string& name) {
  std::string names;
  for (const auto& [known, value] : summary) {
    if (known == name) return value;
    names += (names.empty() ? "" : ", ") + known;
  }
  throw std::invalid_argument("the summary has no " + name + ", but: " + names);
}

bool Gate::trips(const Summary& summary) const {
  const double value = value_of(summary, name);
  switch (comparison) {
    case Comparison::above:
      return value > limit;
    case Comparison::at_least:
      return value >= limit;
    case Comparison::below:
      return value < limit;
    case Comparison::at_most:
      break;
  }
  return value <= limit;
}

Gate parse_gate(const std::string& written) {
  std::string text = written;
  std::erase(text, ' ');
  const std::size_t at = text.find_first_of("<>");
  const bool or_equal = at != std::string::npos && text.substr(at + 1, 1) == "=";
  const std::string number =
      at == std::string::npos ? std::string() : text.substr(at + (or_equal ? 2 : 1));
  char* end = nullptr;
  const double limit = std::strtod(number.c_str(), &end);
  if (at == std::string::npos || at == 0 || number.empty() || *end != '\0' || std::isnan(limit)) {
    throw std::invalid_argument("'" + written +
                                "' is no limit; write such as sloViolationShare>0.01");
  }
  using Comparison = Gate::Comparison;
  const Comparison comparison = text[at] == '>'
                                    ? (or_equal ? Comparison::at_least : Comparison::above)
                                    : (or_equal ? Comparison::at_most : Comparison::below);
  return {text, text.substr(0, at), comparison, limit};
}

}  // namespace cpab
