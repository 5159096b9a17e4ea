#include "cpab/model/quantity.h"

#include <cmath>

#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
void fuzz_quantity(std::string_view input) {
  const auto milli = quantity_milli(input);
  const auto canonical = canonical_quantity(input);
  require(milli.has_value() == canonical.has_value(), "both functions accept the same texts");
  if (!canonical) return;
  const bool binary = input.ends_with('i');  // 62.5Ki is 64000, which on its own would be 64k
  require(binary || canonical_quantity(*canonical) == canonical, "the canonical form is canonical");
  require(quantity_milli(*canonical) == milli, "the canonical form has the same value");
  require(!std::isnan(quantity_double(input).value()), "a quantity is a number");
}

}  // namespace cpab
