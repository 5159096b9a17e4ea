#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/simulation/document.h"

namespace cpab {

/// A selector that cannot be parsed.
struct SelectorError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A label selector as in the `labelSelector` query parameter: `a=1,b!=2,c in (x,y),d notin (z),
/// e,!f`.
class ParsedSelector {
 public:
  ParsedSelector() = default;  ///< matches everything

  /// Throws SelectorError.
  static ParsedSelector parse(std::string_view text);

  bool matches(const std::map<std::string, std::string>& labels) const;
  bool empty() const { return requirements_.empty(); }

 private:
  enum class Operator { in, not_in, exists, does_not_exist };
  struct Requirement {
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;
  };

  static Requirement parse_requirement(std::string_view text);

  std::vector<Requirement> requirements_;
};

/// The text of an object's own selector: of a `matchLabels`/`matchExpressions` object, or of the
/// plain map that ReplicationControllers have.
std::string selector_text(const Document& selector);

/// A `fieldSelector`: `metadata.name=a,status.phase!=Running`, applied to any field of the object.
class FieldSelector {
 public:
  FieldSelector() = default;

  /// Throws SelectorError.
  static FieldSelector parse(std::string_view text);

  bool matches(const Document& object) const;
  bool empty() const { return terms_.empty(); }

 private:
  struct Term {
    std::string pointer;
    std::string value;
    bool equal = true;
  };
  std::vector<Term> terms_;
};

}  // namespace cpab
