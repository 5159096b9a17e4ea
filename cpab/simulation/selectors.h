#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/kubernetes/label_selector.h"
#include "cpab/simulation/json.h"
#include "cpab/simulation/resource_type.h"

namespace cpab {

/// A label selector as in the `labelSelector` query parameter: `a=1,b!=2,c in (x,y),d notin (z),
/// e,!f`. Texts that are none throw SelectorError.
class ParsedSelector {
 public:
  ParsedSelector() = default;  ///< matches everything

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
std::string selector_as_text(const Json& selector);

/// A `fieldSelector`: `metadata.name=a,status.phase!=Running`.
class FieldSelector {
 public:
  FieldSelector() = default;  ///< matches everything

  /// Throws SelectorError when `text` is no selector or `type` cannot be selected by such a field.
  static FieldSelector parse(std::string_view text, const ResourceType& type);

  bool matches(const Json& object) const;
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
