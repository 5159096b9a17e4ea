#include "cpab/config/yaml_scalar.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

using Kind = Node::Kind;

struct ScalarCase {
  std::string source;
  Kind kind;
  std::string text;
};

TEST_CASE("plain_yaml_scalar: resolves YAML 1.1", "[config]") {
  const auto [source, kind, text] = GENERATE(values<ScalarCase>({
      {"", Kind::null, ""},
      {"~", Kind::null, ""},
      {"null", Kind::null, ""},
      {"Null", Kind::null, ""},
      {"NULL", Kind::null, ""},
      {"nULL", Kind::string, "nULL"},
      {"y", Kind::boolean, "true"},
      {"Y", Kind::boolean, "true"},
      {"yes", Kind::boolean, "true"},
      {"Yes", Kind::boolean, "true"},
      {"YES", Kind::boolean, "true"},
      {"on", Kind::boolean, "true"},
      {"True", Kind::boolean, "true"},
      {"n", Kind::boolean, "false"},
      {"No", Kind::boolean, "false"},
      {"OFF", Kind::boolean, "false"},
      {"FALSE", Kind::boolean, "false"},
      {"yES", Kind::string, "yES"},
      {"t", Kind::string, "t"},
      {"0", Kind::integer, "0"},
      {"-0", Kind::integer, "0"},
      {"123", Kind::integer, "123"},
      {"+12", Kind::integer, "12"},
      {"-12", Kind::integer, "-12"},
      {"0x10", Kind::integer, "16"},
      {"-0X1f", Kind::integer, "-31"},
      {"0o17", Kind::integer, "15"},
      {"0123", Kind::integer, "83"},
      {"-010", Kind::integer, "-8"},
      {"0b101", Kind::integer, "5"},
      {"1_000", Kind::integer, "1000"},
      {"9223372036854775807", Kind::integer, "9223372036854775807"},
      {"-9223372036854775808", Kind::integer, "-9223372036854775808"},
      {"18446744073709551615", Kind::integer, "18446744073709551615"},
      {"18446744073709551616", Kind::floating, "1.8446744073709552e+19"},
      {"089", Kind::floating, "89"},
      {"1.50", Kind::floating, "1.5"},
      {"1.0", Kind::floating, "1"},
      {"1.", Kind::floating, "1"},
      {".5", Kind::floating, "0.5"},
      {"-.5", Kind::floating, "-0.5"},
      {"1e3", Kind::floating, "1000"},
      {"1e6", Kind::floating, "1e+06"},
      {"1_000.5", Kind::floating, "1000.5"},
      {"0.00001", Kind::floating, "1e-05"},
      {".inf", Kind::floating, "+Inf"},
      {"-.Inf", Kind::floating, "-Inf"},
      {".nan", Kind::floating, "NaN"},
      {"1e999", Kind::string, "1e999"},
      {"0x", Kind::string, "0x"},
      {"0b2", Kind::string, "0b2"},
      {"1:30", Kind::string, "1:30"},
      {"2026-01-31", Kind::string, "2026-01-31"},
      {"1.2.3", Kind::string, "1.2.3"},
      {"+", Kind::string, "+"},
      {"-", Kind::string, "-"},
      {".", Kind::string, "."},
      {"1e", Kind::string, "1e"},
      {"_1", Kind::string, "_1"},
      {"12 ", Kind::string, "12 "},
  }));

  const Node node = plain_yaml_scalar(source);

  CAPTURE(source);
  CHECK(node.kind == kind);
  CHECK(node.text == text);
  CHECK(node.source == source);
}

TEST_CASE("float_as_json: plain digits up to 1e21", "[config]") {
  CHECK(float_as_json(0.5) == "0.5");
  CHECK(float_as_json(1e6) == "1000000");
  CHECK(float_as_json(0.000001) == "0.000001");
  CHECK(float_as_json(1e20) == "100000000000000000000");
  CHECK(float_as_json(1e21) == "1e+21");
  CHECK(float_as_json(-12.25) == "-12.25");
  CHECK(float_as_json(0) == "0");
}

}  // namespace
}  // namespace cpab
