#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cpab/model/metric_spec.h"

namespace cpab {

/// Text that is not a label selector; the message says what is wrong and where.
struct SelectorError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A selector in its one canonical form (contract section 5.2): `b in (y,x),a==1,!q` becomes
/// `a=1,b in (x,y),!q`. Requirements are sorted by key, set values sorted and unique, `==` is
/// written `=`. `!=` is kept, unlike in the reference; `<` and `>` are refused. Empty text stays
/// empty. Throws SelectorError.
std::string normalized_selector(std::string_view text);

/// The selector object in the same form, as the query parameter of the API (contract section 4.3).
/// Empty when there is none. Throws SelectorError, for example for an unknown operator.
std::string selector_text(const std::optional<LabelSelector>& selector);

}  // namespace cpab
