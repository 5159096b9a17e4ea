#include "cpab/telemetry/cycle_metrics.h"

#include <catch2/catch.hpp>

#include "cpab/telemetry/metric_families.h"

using namespace cpab;

namespace {

struct Fixture {
  MetricRegistry registry{metric_families(), {}, "cpab_"};
  CycleMetrics metrics{registry};

  /// The value of a series, as text; empty when it is not there.
  std::string value(const std::string& series) const {
    const std::string text = "\n" + registry.text();
    const std::size_t at = text.find("\n" + series + " ");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + series.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
};

DecisionRecord record(Action action, std::int32_t current, std::int32_t desired) {
  DecisionRecord record;
  record.time = WallTime(Duration(1'795'852'861'250));
  record.action = action;
  record.current_replicas = current;
  record.desired_replicas = desired;
  record.evaluation = Evaluation{desired, {}};
  return record;
}

DecisionRecord failed(const std::string& stage, const std::string& reason, std::int32_t current) {
  DecisionRecord record;
  record.current_replicas = current;
  record.failure = Failure{stage, reason, "what happened", "", ""};
  return record;
}

}  // namespace

TEST_CASE("CycleMetrics: a scaling", "[telemetry]") {
  Fixture f;
  DecisionRecord scaled = record(Action::scaled, 3, 5);
  scaled.evaluation = Evaluation{9, {}};
  scaled.limited_by = "maxReplicas";
  scaled.durations = {{"target", 250.0}, {"metric", 750.0}};
  f.metrics.note(scaled);

  CHECK(f.value("cpab_current_replicas") == "3");
  CHECK(f.value("cpab_proposed_replicas") == "9");
  CHECK(f.value("cpab_desired_replicas") == "5");
  CHECK(f.value("cpab_cycles_total{action=\"scaled\",trigger=\"scaler\"}") == "1");
  CHECK(f.value("cpab_restricted_scaling{reason=\"maxReplicas\"}") == "1");
  CHECK(f.value("cpab_restricted_scaling{reason=\"minReplicas\"}") == "0");
  CHECK(f.value("cpab_cycle_duration_seconds_sum{action=\"scaled\"}") == "1");
  CHECK(f.value("cpab_stage_duration_seconds_sum{stage=\"metric\"}") == "0.75");
  CHECK(f.value("cpab_upscale_replicas_total") == "2");
  CHECK(f.value("cpab_last_success_timestamp_seconds") == "1795852861.25");
  CHECK(f.value("cpab_last_scale_timestamp_seconds") == "1795852861.25");
  CHECK(f.value("cpab_foreign_writes_total") == "0");
}

TEST_CASE("CycleMetrics: a failure keeps what was known, and is no success", "[telemetry]") {
  Fixture f;
  DecisionRecord bound = record(Action::unchanged, 3, 3);
  bound.limited_by = "minReplicas";
  f.metrics.note(bound);
  f.metrics.note(failed("metric", "timeout", 3));

  CHECK(f.value("cpab_desired_replicas") == "3");
  CHECK(f.value("cpab_restricted_scaling{reason=\"minReplicas\"}") == "1");
  CHECK(f.value("cpab_stage_failures_total{stage=\"metric\",reason=\"timeout\"}") == "1");
  CHECK(f.value("cpab_cycles_total{action=\"failed\",trigger=\"scaler\"}") == "1");
  CHECK(f.value("cpab_last_success_timestamp_seconds") == "1795852861.25");
}

TEST_CASE("CycleMetrics: nothing is claimed before it is known", "[telemetry]") {
  Fixture f;
  DecisionRecord unread = failed("scale", "kubernetes", 0);
  unread.current_replicas.reset();
  f.metrics.note(unread);
  for (const char* name : {"cpab_current_replicas", "cpab_proposed_replicas",
                           "cpab_desired_replicas", "cpab_last_success_timestamp_seconds"}) {
    CHECK(f.value(name).empty());
  }
}

TEST_CASE("CycleMetrics: the rule that bound is the last one's alone", "[telemetry]") {
  Fixture f;
  DecisionRecord bound = record(Action::unchanged, 3, 3);
  bound.limited_by = "stabilization";
  f.metrics.note(bound);
  f.metrics.note(record(Action::unchanged, 3, 3));
  CHECK(f.value("cpab_restricted_scaling{reason=\"stabilization\"}") == "0");
}

TEST_CASE("CycleMetrics: reversals are scalings that turn round", "[telemetry]") {
  Fixture f;
  const std::int32_t counts[] = {3, 5, 7, 4, 2, 6};
  for (std::size_t i = 1; i < std::size(counts); ++i) {
    f.metrics.note(record(Action::scaled, counts[i - 1], counts[i]));
  }
  CHECK(f.value("cpab_direction_reversals_total") == "2");
  CHECK(f.value("cpab_upscale_replicas_total") == "8");
  CHECK(f.value("cpab_downscale_replicas_total") == "5");
}

TEST_CASE("CycleMetrics: writes of others, between cycles and within one", "[telemetry]") {
  struct Row {
    DecisionRecord first;
    std::int32_t found;
    std::string foreign;
  };
  DecisionRecord conflict = record(Action::held, 3, 8);
  conflict.steps = {{"conflict", 5, 8, "somebody else"}};
  DecisionRecord answer = record(Action::held, 3, 4);
  answer.steps = {{"answer", 5, 4, "a hook"}};
  DecisionRecord after_scaling = failed("postScale", "exit", 3);
  after_scaling.action = Action::scaled;
  after_scaling.desired_replicas = 5;
  const auto row = GENERATE_COPY(values<Row>({
      {record(Action::scaled, 3, 5), 5, "0"},
      {record(Action::scaled, 3, 5), 3, "1"},
      {record(Action::unchanged, 3, 3), 4, "1"},
      {record(Action::disabled, 0, 0), 2, "1"},
      {failed("metric", "exit", 3), 3, "0"},
      {failed("metric", "exit", 3), 4, "1"},
      {failed("patch", "kubernetes", 3), 5, "0"},  // may have taken effect
      {after_scaling, 5, "0"},
      {conflict, 8, "1"},
      {conflict, 9, "2"},
      {answer, 4, "0"},
      {answer, 5, "1"},
  }));
  Fixture f;
  f.metrics.note(row.first);
  f.metrics.note(record(Action::unchanged, row.found, row.found));
  CHECK(f.value("cpab_foreign_writes_total") == row.foreign);
}
