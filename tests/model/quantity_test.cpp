#include "cpab/model/quantity.h"

#include <catch2/catch.hpp>
#include <limits>

namespace cpab {
namespace {

struct MilliCase {
  std::string text;
  std::int64_t milli;
};

TEST_CASE("quantity_milli: reads every suffix", "[model][contract-53]") {
  const auto [text, milli] = GENERATE(values<MilliCase>({
      {"0", 0},
      {"1", 1000},
      {"+1", 1000},
      {"-1", -1000},
      {"250m", 250},
      {"0.5", 500},
      {".5", 500},
      {"5.", 5000},
      {"123456789n", 124},
      {"1n", 1},
      {"-1n", -1},
      {"-1500u", -2},
      {"1u", 1},
      {"1000u", 1},
      {"2k", 2'000'000},
      {"2M", 2'000'000'000},
      {"2G", 2'000'000'000'000},
      {"2T", 2'000'000'000'000'000},
      {"2P", 2'000'000'000'000'000'000},
      {"1Ki", 1'024'000},
      {"1Mi", 1'048'576'000},
      {"1.5Gi", 1'610'612'736'000},
      {"1Ti", 1'099'511'627'776'000},
      {"1e3", 1'000'000},
      {"1E3", 1'000'000},
      {"1e+3", 1'000'000},
      {"1e-3", 1},
      {"15e-4", 2},
      {"0001", 1000},
      {"0.0001", 1},
      {"-0", 0},
      {"0e5", 0},
  }));

  CAPTURE(text);
  CHECK(quantity_milli(text) == milli);
}

TEST_CASE("quantity_milli: saturates at the limits of int64", "[model]") {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

  CHECK(quantity_milli("1E") == largest);
  CHECK(quantity_milli("16Pi") == largest);
  CHECK(quantity_milli("-7Ei") == smallest);
  CHECK(quantity_milli("9223372036854775.807") == largest);
  CHECK(quantity_milli("9223372036854775.806") == largest - 1);
  CHECK(quantity_milli("-9223372036854775.808") == smallest);
  CHECK(quantity_milli("1e2147483647") == largest);
  CHECK(quantity_milli("-1e2147483647") == smallest);
}

TEST_CASE("quantity_milli: hostile lengths and exponents come to an end", "[model]") {
  CHECK(quantity_milli("1e-2147483648") == 1);
  CHECK(quantity_milli("0e2147483647") == 0);
  CHECK(quantity_milli("0." + std::string(1'000'000, '0') + "1") == 1);
  CHECK(quantity_milli(std::string(1'000'000, '9') + "Ei") ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(quantity_milli("1" + std::string(1'000'000, '0') + "e-1000000") == 1000);
}

TEST_CASE("quantity: what is no quantity has no value", "[model]") {
  const std::string text = GENERATE(values<std::string>(
      {"",     " ",    "1 ",           " 1",  "m",     "abc",   "1x",  "1mm",   "1ki", "1mi",
       "1Kib", "1K",   "1e",           "1e+", "1e1x",  "--1",   "+-1", "1.2.3", ".",   "-",
       "1 k",  "0x10", "1e9999999999", "NaN", "1e+-3", "1e++3", "1nm"}));

  CAPTURE(text);
  CHECK_FALSE(quantity_milli(text));
  CHECK_FALSE(canonical_quantity(text));
}

TEST_CASE("quantity_double: the digits as written times a power of ten", "[model]") {
  CHECK(quantity_double("0") == 0.0);
  CHECK(quantity_double("0e999") == 0.0);
  CHECK(quantity_double("300m") == 0.3);
  CHECK(quantity_double("0.3") == 3 * 0.1);
  CHECK(quantity_double("0.3") != 0.3);
  CHECK(quantity_double("0.30") == 0.3);
  CHECK(quantity_double("-2k") == -2000.0);
  CHECK(quantity_double("1.5Ki") == 1536.0);
  CHECK(quantity_double("1.9999999999") == 2.0);
  CHECK(quantity_double("1.00000000000") == 1.0);
  CHECK(quantity_double("1e999") == std::numeric_limits<double>::infinity());
  CHECK(quantity_double("ten") == std::nullopt);
}

struct CanonicalCase {
  std::string text;
  std::string canonical;
};

TEST_CASE("canonical_quantity: is what the API server prints", "[model]") {
  const auto [text, canonical] = GENERATE(values<CanonicalCase>({
      {"0", "0"},
      {"-0.0", "0"},
      {"0Mi", "0"},
      {"1", "1"},
      {"0.5", "500m"},
      {"-0.5", "-500m"},
      {"1000", "1k"},
      {"1500", "1500"},
      {"10000", "10k"},
      {"100", "100"},
      {"1000m", "1"},
      {"1500m", "1500m"},
      {"1.5", "1500m"},
      {"0.1n", "1n"},
      {"1000000000n", "1"},
      {"1000000k", "1G"},
      {"1024", "1024"},
      {"1024Ki", "1Mi"},
      {"50Mi", "50Mi"},
      {"1.5Gi", "1536Mi"},
      {"1.5Ki", "1536"},
      {"1Ki", "1Ki"},
      {"0.5Ki", "512"},
      {"0.5Mi", "512Ki"},
      {"1.1Ki", "1126400m"},
      {"1e3", "1e3"},
      {"1E4", "10e3"},
      {"5e0", "5"},
      {"1e-3", "1e-3"},
      {"15e-4", "1500e-6"},
      {"1000E", "1000E"},
  }));

  CAPTURE(text);
  CHECK(canonical_quantity(text) == canonical);
}

TEST_CASE("quantity_text: thousandths in the given format", "[model]") {
  using enum QuantityFormat;
  CHECK(quantity_text(0, binary_suffix) == "0");
  CHECK(quantity_text(-1500, decimal_suffix) == "-1500m");
  CHECK(quantity_text(2'000'000, decimal_suffix) == "2k");
  CHECK(quantity_text(2'000'000, exponent) == "2e3");
  CHECK(quantity_text(1'572'864'000, binary_suffix) == "1536Ki");
  CHECK(quantity_text(1'572'864'001, binary_suffix) == "1572864001m");
  CHECK(quantity_text(1'000'000, binary_suffix) == "1k");
  CHECK(quantity_text(std::numeric_limits<std::int64_t>::min(), decimal_suffix) ==
        "-9223372036854775808m");
}

TEST_CASE("status_quantity: memory in binary units, all else in decimal ones", "[model]") {
  CHECK(status_quantity("memory", 1'048'576'000) == "1Mi");
  CHECK(status_quantity("cpu", 1'048'576'000) == "1048576");
  CHECK(status_quantity("requests", 250) == "250m");
}

TEST_CASE("canonical_quantity: hostile exponents come to an end", "[model]") {
  CHECK(canonical_quantity("1e2147483647") == "10e2147483646");
  CHECK(canonical_quantity("1e-2147483648") == "1e-9");
  CHECK(canonical_quantity("1" + std::string(100'000, '0') + "Ki") == "9223372036854775807");
}

TEST_CASE("canonical_quantity: with a binary suffix no more than the largest int64", "[model]") {
  CHECK(canonical_quantity("8Ei") == "9223372036854775807");
  CHECK(canonical_quantity("-9Ei") == "-9223372036854775807");
  CHECK(canonical_quantity("7Ei") == "7Ei");
  CHECK(canonical_quantity("9E") == "9E");
}

}  // namespace
}  // namespace cpab
