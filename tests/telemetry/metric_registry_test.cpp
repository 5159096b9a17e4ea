#include "cpab/telemetry/metric_registry.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace cpab;

namespace {

MetricRegistry one(MetricFamily family) { return {{std::move(family)}, {}, "cpab_"}; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("MetricRegistry: counters add up, each set of labels for itself", "[telemetry]") {
  MetricRegistry registry = one({"x_total", MetricType::counter, "Things."});
  registry.add("x_total", {{"a", "1"}});
  registry.add("x_total", {{"a", "1"}}, 2);
  registry.add("x_total", {{"a", "2"}, {"b", "3"}});
  CHECK(registry.text() ==
        "# HELP x_total Things.\n"
        "# TYPE x_total counter\n"
        "x_total{a=\"1\"} 3\n"
        "x_total{a=\"2\",b=\"3\"} 1\n");
}

TEST_CASE("MetricRegistry: gauges are replaced, also all at once", "[telemetry]") {
  MetricRegistry registry = one({"x", MetricType::gauge, "A thing."});
  registry.set("x", {{"a", "1"}}, 5);
  registry.set("x", {{"a", "2"}}, 1795852861.25);
  registry.set("x", {{"a", "1"}}, -0.5);
  CHECK_THAT(registry.text(), Catch::EndsWith("x{a=\"1\"} -0.5\nx{a=\"2\"} 1795852861.25\n"));
  registry.set_all_to_zero("x");
  CHECK_THAT(registry.text(), Catch::EndsWith("x{a=\"1\"} 0\nx{a=\"2\"} 0\n"));
}

TEST_CASE("MetricRegistry: histograms are cumulative, and a bound belongs to its bucket",
          "[telemetry]") {
  MetricRegistry registry = one({"x_seconds", MetricType::histogram, "Time.", {0.5, 2}});
  for (const double value : {0.25, 0.5, 1.0, 100.0}) registry.observe("x_seconds", {}, value);
  CHECK(registry.text() ==
        "# HELP x_seconds Time.\n"
        "# TYPE x_seconds histogram\n"
        "x_seconds_bucket{le=\"0.5\"} 2\n"
        "x_seconds_bucket{le=\"2\"} 3\n"
        "x_seconds_bucket{le=\"+Inf\"} 4\n"
        "x_seconds_sum 101.75\n"
        "x_seconds_count 4\n");
}

TEST_CASE("MetricRegistry: the common labels are for names with the prefix", "[telemetry]") {
  MetricRegistry registry({{"cpab_x", MetricType::gauge, "X."}, {"y", MetricType::gauge, "Y."}},
                          {{"target", "shop"}}, "cpab_");
  registry.set("cpab_x", {}, 1);
  registry.set("cpab_x", {{"a", "1"}}, 2);
  registry.set("y", {}, 3);
  const std::string text = registry.text();
  CHECK_THAT(text, Catch::Contains("\ncpab_x{target=\"shop\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("\ncpab_x{target=\"shop\",a=\"1\"} 2\n"));
  CHECK_THAT(text, Catch::EndsWith("\ny 3\n"));
}

TEST_CASE("MetricRegistry: what would break a line is escaped", "[telemetry]") {
  MetricRegistry registry = one({"x", MetricType::gauge, "A \"b\" \\ c\nd"});
  registry.set("x", {{"a", "\"quoted\"\\\n"}}, 1);
  CHECK(registry.text() ==
        "# HELP x A \"b\" \\\\ c\\nd\n"
        "# TYPE x gauge\n"
        "x{a=\"\\\"quoted\\\"\\\\\\n\"} 1\n");
}

TEST_CASE("MetricRegistry: values that are no numbers have names", "[telemetry]") {
  MetricRegistry registry = one({"x", MetricType::gauge, "X."});
  registry.set("x", {{"a", "1"}}, std::nan(""));
  registry.set("x", {{"a", "2"}}, HUGE_VAL);
  registry.set("x", {{"a", "3"}}, -HUGE_VAL);
  CHECK_THAT(registry.text(),
             Catch::EndsWith("x{a=\"1\"} NaN\nx{a=\"2\"} +Inf\nx{a=\"3\"} -Inf\n"));
}

TEST_CASE("MetricRegistry: a family does not grow without bound", "[telemetry]") {
  MetricRegistry registry = one({"x_total", MetricType::counter, "X."});
  for (int i = 0; i < 1'000; ++i) registry.add("x_total", {{"a", std::to_string(i)}});
  registry.add("x_total", {{"a", "0"}});
  CHECK(count(registry.text(), "x_total{") == MetricRegistry::max_series);
  CHECK_THAT(registry.text(), Catch::Contains("x_total{a=\"0\"} 2\n"));
}

TEST_CASE("MetricRegistry: a family without series is left out, an unknown one is a mistake",
          "[telemetry]") {
  MetricRegistry registry = one({"x", MetricType::gauge, "X."});
  CHECK(registry.text().empty());
  CHECK_THROWS_AS(registry.set("y", {}, 1), std::out_of_range);
}
