#include <catch2/catch.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/vectors/comparisons.h"

namespace cpab {
namespace {

const std::map<std::string, Comparisons>& all_comparisons() {
  static const std::map<std::string, Comparisons> comparisons = {
      {"horizontal.json", horizontal_comparisons()},
      {"metrics_client.json", metrics_client_comparisons()},
      {"oracle/functions.jsonl.gz", behavior_comparisons()},
      {"oracle/percent_policy.csv", percent_policy_comparisons()},
      {"oracle/quantity.jsonl", quantity_comparisons()},
      {"oracle/replica_calc.jsonl.gz", replica_calc_comparisons()},
      {"oracle/traces.jsonl.gz", trace_comparisons()},
      {"phpa.json", forecast_comparisons()},
      {"replica_calculator.json", replica_calculator_comparisons()},
      {"utilization.json", utilization_comparisons()},
  };
  return comparisons;
}

std::string id_of(const nlohmann::json& test_case, std::size_t index) {
  return test_case.contains("id") ? test_case["id"].dump() : "number " + std::to_string(index);
}

void compare(const std::string& file, const std::vector<nlohmann::json>& cases,
             const Comparisons& comparisons) {
  std::size_t compared = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(file << ": " << id_of(cases[i], i));
    const auto comparison = comparisons.find(cases[i].value("kind", ""));
    if (comparison == comparisons.end()) {
      FAIL_CHECK("nothing compares its kind");
      continue;
    }
    CHECK_NOTHROW(comparison->second(cases[i]));
    ++compared;
  }
  std::printf("vectors: %s compared %zu of %zu\n", file.c_str(), compared, cases.size());
}

}  // namespace

TEST_CASE("vectors: the product answers as what was recorded does", "[vectors]") {
  const auto folder = vectors_folder();
  if (!folder) {
    std::printf("vectors: skipped, there is no ../shared/vectors beside this checkout\n");
    return;
  }
  std::set<std::string> found;
  for (const std::string& file : vector_files(*folder)) {
    found.insert(file);
    const auto comparisons = all_comparisons().find(file);
    if (comparisons != all_comparisons().end()) {
      compare(file, vector_cases(*folder / file), comparisons->second);
    } else {
      FAIL_CHECK("nothing compares " << file);
    }
  }
  for (const auto& [file, comparisons] : all_comparisons()) {
    INFO(file);
    CHECK(found.contains(file));
  }
}

}  // namespace cpab
