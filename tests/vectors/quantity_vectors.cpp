#include <catch2/catch.hpp>
#include <cctype>
#include <nlohmann/json.hpp>

#include "cpab/model/quantity.h"
#include "tests/vectors/comparisons.h"

namespace cpab {
namespace {

using nlohmann::json;

void compare_quantity(const json& test_case) {
  const std::string text = test_case["input"]["string"];
  const json& expect = test_case["expect"];
  INFO(text);
  const auto milli = quantity_milli(text);
  const bool without_number = text.substr(0, text.find_first_not_of("+-.")).size() == text.size() ||
                              std::isalpha(text[text.find_first_not_of("+-.")]) != 0;
  if (expect["ok"].get<bool>() && without_number) {
    // Upstream takes `m`, `.`, `e3` and the like for 0. They are slips, so we do not.
    CHECK_FALSE(milli.has_value());
    return;
  }
  REQUIRE(milli.has_value() == expect["ok"].get<bool>());
  if (!milli) return;
  if (expect.value("milli_overflow", false)) {
    // Upstream wraps around; we stay at the end of the range.
    const bool negative = expect["approx_float"].get<double>() < 0;
    using Limits = std::numeric_limits<std::int64_t>;
    CHECK(*milli == (negative ? Limits::min() : Limits::max()));
  } else {
    CHECK(*milli == expect["milli_value"].get<std::int64_t>());
  }
  const std::string expected = expect["canonical"];
  const std::string canonical = canonical_quantity(text).value();
  // Upstream repeats some texts as they came in (`+1`, `1E3`, `137.214`). Ours is in the canonical
  // form all the same, so what it is worth is compared then.
  if (canonical != expected) CHECK(expected == text);
  CHECK(canonical_quantity(canonical) == canonical);
  CHECK(quantity_milli(canonical) == milli);
  // What it multiplies with is not rounded in the last bit as ours is, where there are many digits.
  CHECK(quantity_double(text).value() ==
        Approx(expect["approx_float"].get<double>()).epsilon(1e-15));
}

void compare_from_milli(const json& test_case) {
  const json& input = test_case["input"];
  const QuantityFormat format = input["format"] == "BinarySI" ? QuantityFormat::binary_suffix
                                                              : QuantityFormat::decimal_suffix;
  CHECK(quantity_text(input["milli"], format) == test_case["expect"]["canonical"]);
}

}  // namespace

Comparisons quantity_comparisons() {
  return {{"quantity", compare_quantity}, {"from_milli", compare_from_milli}};
}

}  // namespace cpab
