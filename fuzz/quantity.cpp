#include "cpab/model/quantity.h"

#include <cstdlib>

#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

/// The canonical form of binary quantities has no fractions of a byte.
bool same_amount(std::int64_t milli, std::int64_t canonical_milli, bool binary) {
  return milli == canonical_milli || (binary && std::abs(milli - canonical_milli) < 1000);
}

}  // namespace

void fuzz_quantity(std::string_view input) {
  const auto milli = quantity_milli(input);
  const auto canonical = canonical_quantity(input);
  require(milli.has_value() == canonical.has_value(), "both functions accept the same texts");
  if (!canonical) return;
  const bool binary = input.ends_with('i');  // 62.5Ki is 64000, which on its own would be 64k
  require(binary || canonical_quantity(*canonical) == canonical, "the canonical form is canonical");
  require(same_amount(*milli, quantity_milli(*canonical).value(), binary),
          "the canonical form has the same value");
}

}  // namespace cpab
