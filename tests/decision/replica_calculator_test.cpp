#include "cpab/decision/replica_calculator.h"

#include <catch2/catch.hpp>
#include <limits>

#include "tests/decision/metric_fixture.h"

namespace cpab {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int32_t most_replicas = std::numeric_limits<std::int32_t>::max();
const Instant measured_at{1'700'000'000, 5};

Proposal proposal_for(const MetricSpec& spec, const Measurement& measured, ReplicaCounts current,
                      Tolerance tolerance = {}, Parity parity = Parity::none) {
  const MetricOutcome outcome =
      propose_replicas(spec, measured, ProposalRules(current, tolerance, parity));
  if (const auto* failure = std::get_if<MetricFailure>(&outcome)) FAIL(failure->message);
  return std::get<Proposal>(outcome);
}

std::int32_t replicas_for(const MetricSpec& spec, const Measurement& measured,
                          std::int32_t current) {
  return proposal_for(spec, measured, {current, current}).replicas;
}

/// The same as the HPA controller has it.
std::int32_t as_hpa(const MetricSpec& spec, const Measurement& measured, ReplicaCounts current,
                    Parity parity = Parity::current) {
  return proposal_for(spec, measured, current, {}, parity).replicas;
}

MetricFailure failure_for(const MetricSpec& spec, const Measurement& measured) {
  const MetricOutcome outcome = propose_replicas(spec, measured, ProposalRules({3, 3}));
  REQUIRE(std::holds_alternative<MetricFailure>(outcome));
  return std::get<MetricFailure>(outcome);
}

const MetricSpec half_cpu = metric("Resource", utilization_of(50));
const MetricSpec whole_cpu = metric("Resource", utilization_of(100));
const MetricSpec one_each = metric("Pods", average_of("1"));

TEST_CASE("propose_replicas: as many as bring utilization to the target", "[decision]") {
  CHECK(replicas_for(half_cpu, pods_with({500, 500, 500}), 3) == 3);
  CHECK(replicas_for(half_cpu, pods_with({800, 800, 800}), 3) == 5);  // 4.8
  CHECK(replicas_for(half_cpu, pods_with({340, 340, 340}), 3) == 3);  // 2.04
  CHECK(replicas_for(half_cpu, pods_with({100, 100, 100}), 3) == 1);  // 0.6
  CHECK(replicas_for(half_cpu, pods_with({0, 0, 0}), 3) == 0);
  CHECK(replicas_for(metric("ContainerResource", utilization_of(50)), pods_with({800, 800}), 2) ==
        4);
}

TEST_CASE("propose_replicas: tells where the metric stands", "[decision]") {
  MeasuredPods pods = pods_with({700, 300});
  pods.timestamp = measured_at;
  CHECK(proposal_for(half_cpu, pods, {2, 2}) == Proposal{2, {50, 500, std::nullopt}, measured_at});
  CHECK(proposal_for(one_each, pods, {2, 2}) ==
        Proposal{1, {std::nullopt, 500, std::nullopt}, measured_at, Standing::below});
  CHECK(
      proposal_for(metric("Object", value_of("1")), MeasuredValue{4000, 1, measured_at}, {1, 1}) ==
      Proposal{4, {std::nullopt, std::nullopt, 4000}, measured_at, Standing::above});
  CHECK(proposal_for(metric("External", average_of("1")), MeasuredValue{4001, {}, measured_at},
                     {1, 2}) ==
        Proposal{5, {std::nullopt, 2001, std::nullopt}, measured_at, Standing::above});
}

TEST_CASE("propose_replicas: utilization is whole percent before it is compared", "[decision]") {
  CHECK(replicas_for(whole_cpu, pods_with({1109, 1109}), 2) == 2);  // 110 %, which is tolerated
  CHECK(replicas_for(whole_cpu, pods_with({1110, 1110}), 2) == 3);
  CHECK(replicas_for(metric("Resource", average_of("1")), pods_with({1109, 1109}), 2) == 3);
}

TEST_CASE("propose_replicas: tolerance holds in its direction", "[decision]") {
  const MetricSpec spec = metric("Pods", average_of("75"));
  const MeasuredPods a_little_more = pods_with(std::vector<std::int64_t>(50, 76'000));
  CHECK(proposal_for(spec, a_little_more, {50, 50}).replicas == 50);
  CHECK(proposal_for(spec, a_little_more, {50, 50}, {0.1, 0.0}).replicas == 51);
  CHECK(proposal_for(spec, a_little_more, {50, 50}, {0.0, 0.1}).replicas == 50);

  const MetricSpec fifty = metric("Pods", average_of("50"));
  CHECK(replicas_for(fifty, pods_with(std::vector<std::int64_t>(5, 55'000)), 5) == 5);
  CHECK(replicas_for(fifty, pods_with(std::vector<std::int64_t>(5, 45'000)), 5) == 5);
}

TEST_CASE("propose_replicas: counts pods with samples, not replicas", "[decision]") {
  // A rollout has three more pods than wanted; scaling them all gives more than scaling three.
  CHECK(proposal_for(whole_cpu, pods_with({1200, 1200, 1200, 1200, 1200, 1200}), {3, 6}).replicas ==
        8);
  CHECK(replicas_for(whole_cpu, pods_with({500}), 3) == 1);
}

TEST_CASE("propose_replicas: pods without a sample make changes smaller", "[decision]") {
  // Upwards they use nothing: 1600 of 4000 is 40 %, which is no reason to scale up from 80 %.
  CHECK(replicas_for(half_cpu, pods_with({800, 800}, 2), 4) == 4);
  CHECK(replicas_for(half_cpu, pods_with({800, 800}, 1), 3) == 3);  // 53 %, which is tolerated
  CHECK(replicas_for(half_cpu, pods_with({1000, 1000, 1000}, 1), 4) == 6);
  // Downwards they use what they request, or the target if that is more.
  CHECK(replicas_for(half_cpu, pods_with({100, 100, 100}, 1), 4) == 3);  // 32 of 50 %
  CHECK(replicas_for(metric("Resource", utilization_of(200)), pods_with({100, 100, 100}, 1), 4) ==
        2);  // 57 of 200 %, as the missing one uses 2000
  CHECK(replicas_for(one_each, pods_with({100, 100, 100}, 1), 4) == 2);  // 1300 of 4000
}

TEST_CASE("propose_replicas: four of five pods report 55 % of a target of 50 %", "[decision]") {
  MeasuredPods pods = pods_with({220, 220, 220, 220}, 1);
  for (auto& [name, request] : pods.requests) request = 400;
  CHECK(replicas_for(half_cpu, pods, 5) == 5);
}

TEST_CASE("propose_replicas: on target exactly, pods without a sample stay out", "[decision]") {
  // Filled in with the target or with zero the count would be another.
  CHECK(proposal_for(half_cpu, pods_with({500, 500}, 6), {2, 2}, {0.0, 0.0}).replicas == 2);
}

TEST_CASE("propose_replicas: unready pods count as idle when it goes up", "[decision]") {
  CHECK(replicas_for(half_cpu, pods_with({1000, 1000}, 0, 2), 4) == 4);        // 50 %
  CHECK(replicas_for(half_cpu, pods_with({1000, 1000, 1000}, 0, 1), 4) == 6);  // 75 %
  CHECK(replicas_for(half_cpu, pods_with({100, 100}, 0, 2), 4) == 1);  // downwards not at all
}

TEST_CASE("propose_replicas: samples of unready and ignored pods do not count", "[decision]") {
  MeasuredPods pods = pods_with({500, 500}, 0, 1);
  pods.samples["unready-0"] = {{}, {}, 90'000};
  pods.samples["deleted"] = {{}, {}, 90'000};
  pods.requests["deleted"] = 1000;
  pods.groups.ignored = {"deleted"};
  CHECK(proposal_for(half_cpu, pods, {3, 3}).current.average_utilization == 50);
}

TEST_CASE("propose_replicas: samples of unknown pods count as pods, not as usage", "[decision]") {
  MeasuredPods pods = pods_with({1000, 1000, 1000}, 1);
  pods.samples["stranger"] = {{}, {}, 90'000};
  CHECK(proposal_for(half_cpu, pods, {4, 5}).replicas == 8);  // 75 of 50 %, times five
}

TEST_CASE("propose_replicas: what is filled in does not turn a change around", "[decision]") {
  CHECK(replicas_for(half_cpu, pods_with({100}, 3), 4) == 4);        // 10 %, which becomes 77 %
  CHECK(replicas_for(half_cpu, pods_with({1000}, 0, 9), 10) == 10);  // 100 %, which becomes 10 %
}

TEST_CASE("propose_replicas: down does not mean more replicas than wanted, up not fewer",
          "[decision]") {
  CHECK(replicas_for(half_cpu, pods_with({300, 300, 300, 300, 300, 300}, 1), 2) == 2);  // not 6
  CHECK(replicas_for(half_cpu, pods_with({1200}, 0, 1), 9) == 9);                       // not 3
}

TEST_CASE("propose_replicas: a value of an object is spread over the ready pods", "[decision]") {
  for (const char* type : {"Object", "External"}) {
    CAPTURE(type);
    const MetricSpec spec = metric(type, value_of("10"));
    CHECK(replicas_for(spec, MeasuredValue{20'000, 3}, 3) == 6);
    CHECK(replicas_for(spec, MeasuredValue{20'000, 2}, 3) == 4);
    CHECK(replicas_for(spec, MeasuredValue{11'000, 2}, 3) == 3);
    CHECK(replicas_for(spec, MeasuredValue{5'000, 3}, 3) == 2);
    CHECK(replicas_for(spec, MeasuredValue{11'000, std::nullopt}, 3) == 3);
    CHECK(replicas_for(spec, MeasuredValue{0, 3}, 3) == 0);
  }
}

TEST_CASE("propose_replicas: from zero, a value needs no pods and no tolerance", "[decision]") {
  const MetricSpec spec = metric("External", value_of("10"));
  CHECK(replicas_for(spec, MeasuredValue{1, std::nullopt}, 0) == 1);
  CHECK(replicas_for(spec, MeasuredValue{10'500, 7}, 0) == 2);
  CHECK(replicas_for(spec, MeasuredValue{0, std::nullopt}, 0) == 0);
}

TEST_CASE("propose_replicas: an average is over the replicas observed", "[decision]") {
  for (const char* type : {"Object", "External"}) {
    CAPTURE(type);
    const MetricSpec spec = metric(type, average_of("10"));
    CHECK(proposal_for(spec, MeasuredValue{50'000, {}}, {1, 3}).replicas == 5);
    CHECK(proposal_for(spec, MeasuredValue{37'000, {}}, {3, 1}).replicas == 4);
    CHECK(proposal_for(spec, MeasuredValue{0, {}}, {3, 3}).replicas == 0);
    CHECK(proposal_for(spec, MeasuredValue{10'001, {}}, {3, 3}).current.average_value == 3334);
  }
}

TEST_CASE("propose_replicas: without replicas there is no average", "[decision]") {
  const MetricSpec spec = metric("External", average_of("10"));
  CHECK(proposal_for(spec, MeasuredValue{50'000, {}}, {0, 0}) == Proposal{5, {}, {}});
  CHECK(proposal_for(spec, MeasuredValue{0, {}}, {0, 0}) == Proposal{0, {}, {}});
}

TEST_CASE("propose_replicas: a value above its target does not lower, one below does not raise",
          "[decision]") {
  struct Row {
    std::int64_t value;
    ReplicaCounts counts;
    std::int64_t ready;
    std::int32_t right;
    std::int32_t hpa;
  };
  const auto row = GENERATE(values<Row>({
      {300, {4, 4}, 0, 4, 0},       // none is ready
      {150, {10, 10}, 5, 10, 8},    // some are not
      {30, {4, 4}, 40, 2, 12},      // those of somebody else match the selector, too
      {150, {4, 4}, 40, 6, 60},     // upwards as well
      {150, {10, 12}, 12, 18, 18},  // a rollout: those are its own
      {30, {4, 4}, 0, 2, 0},        // none is ready, and there is less to do
      {0, {4, 4}, 0, 0, 0},
      {95, {4, 4}, 40, 4, 4},
      {200, {4, 0}, 3, 6, 6},
  }));
  CAPTURE(row.value, row.ready);
  for (const char* type : {"Object", "External"}) {
    const MetricSpec spec = metric(type, value_of("100m"));
    const MeasuredValue measured{row.value, row.ready};
    CHECK(proposal_for(spec, measured, row.counts).replicas == row.right);
    CHECK(as_hpa(spec, measured, row.counts) == row.hpa);
  }
}

TEST_CASE("propose_replicas: an average that is tolerated keeps the count during a rollout",
          "[decision]") {
  struct Row {
    std::int64_t value;
    ReplicaCounts counts;
    std::int32_t right;
    std::int32_t hpa;
  };
  const auto row = GENERATE(values<Row>({
      {100, {10, 11}, 10, 11},
      {90, {10, 9}, 10, 9},
      {120, {10, 12}, 10, 12},  // on target for those that are there
      {105, {10, 5}, 10, 11},   // for those that are wanted
      {105, {10, 12}, 10, 11},  // below the target for those that are there
      {90, {10, 8}, 10, 9},     // above it
      {150, {10, 11}, 15, 15},
      {40, {10, 9}, 4, 4},
      {150, {10, 0}, 15, 15},  // none observed yet
      {100, {10, 0}, 10, 10},
      {15, {0, 2}, 2, 2},
  }));
  CAPTURE(row.value, row.counts.status);
  for (const char* type : {"Object", "External"}) {
    const MetricSpec spec = metric(type, average_of("10m"));
    const MeasuredValue measured{row.value, {}};
    CHECK(proposal_for(spec, measured, row.counts).replicas == row.right);
    CHECK(as_hpa(spec, measured, row.counts) == row.hpa);
  }
}

TEST_CASE("propose_replicas: pods of somebody else, and too few of its own, turn nothing around",
          "[decision]") {
  const MeasuredPods forty = pods_with(std::vector<std::int64_t>(40, 300));
  const MeasuredPods three = pods_with({1200, 1200, 1200});
  for (const MetricSpec& spec : {whole_cpu, metric("ContainerResource", utilization_of(100)),
                                 metric("Resource", average_of("1")), one_each}) {
    CHECK(proposal_for(spec, forty, {4, 4}).replicas == 2);
    CHECK(as_hpa(spec, forty, {4, 4}) == 12);
    CHECK(proposal_for(spec, three, {10, 10}).replicas == 10);
    CHECK(as_hpa(spec, three, {10, 10}) == 4);
  }
  MeasuredPods with_missing = pods_with(std::vector<std::int64_t>(40, 1500), 1);
  CHECK(proposal_for(one_each, with_missing, {4, 4}).replicas == 6);
  CHECK(as_hpa(one_each, with_missing, {4, 4}) == 60);
}

TEST_CASE("propose_replicas: what is filled in and rounded does not leave the tolerance",
          "[decision]") {
  // The missing pod requests 1, and 150 % of that are cut to 1.
  MeasuredPods pods = pods_with({1500, 1490}, 1);
  pods.requests = {{"ready-0", 1000}, {"ready-1", 1000}, {"missing-0", 1}};
  for (int i = 1; i < 3000; ++i) {
    const std::string name = "missing-" + std::to_string(i);
    pods.groups.missing.insert(name);
    pods.requests[name] = 1;
  }
  const MetricSpec spec = metric("Resource", utilization_of(150));
  CHECK(proposal_for(spec, pods, {3002, 3002}).replicas == 3002);
  CHECK(as_hpa(spec, pods, {3002, 3002}) == 2382);
}

TEST_CASE("propose_replicas: as Kubernetes 1.24 had it", "[decision]") {
  const auto in_1_24 = [](const MetricSpec& spec, const Measurement& measured, std::int32_t count) {
    return as_hpa(spec, measured, {count, count}, Parity::kubernetes_1_24);
  };
  const MeasuredPods at_the_edge = pods_with({1100, 1100});
  CHECK(in_1_24(one_each, at_the_edge, 2) == 3);  // |1 - 1.1| is more than 0.1
  CHECK(as_hpa(one_each, at_the_edge, {2, 2}) == 2);
  CHECK(in_1_24(metric("External", value_of("100m")), MeasuredValue{110, 2}, 2) == 3);
  CHECK(in_1_24(metric("External", average_of("100m")), MeasuredValue{220, {}}, 2) == 3);

  const MetricSpec twice = metric("Resource", utilization_of(200));
  const MeasuredPods low = pods_with({100, 100, 100}, 1);
  CHECK(in_1_24(twice, low, 4) == 1);  // 32 of 200 %: the missing one uses what it requests
  CHECK(as_hpa(twice, low, {4, 4}) == 2);

  const MeasuredPods exact = pods_with({1000, 1000}, 2);
  CHECK(in_1_24(one_each, exact, 4) == 2);  // on target, and the missing ones are idle
  CHECK(as_hpa(one_each, exact, {4, 4}) == 4);
  CHECK(in_1_24(whole_cpu, exact, 4) == 4);
}

TEST_CASE("matching_pods: those that have not ended", "[decision]") {
  MeasuredPods pods = pods_with({1, 1}, 3, 4);
  pods.groups.ignored = {"ended"};
  CHECK(matching_pods(pods) == 9);
  CHECK(matching_pods(MeasuredValue{1, 2, {}, 5}) == 5);
  CHECK(matching_pods(MeasuredValue{1, 2}) == 0);
}

TEST_CASE("propose_replicas: amounts beyond all bounds are capped", "[decision]") {
  CHECK(replicas_for(metric("External", value_of("1m")), MeasuredValue{most, 9}, 3) ==
        most_replicas);
  CHECK(proposal_for(metric("External", average_of("1m")), MeasuredValue{most, {}}, {1, 1}) ==
        Proposal{most_replicas, {std::nullopt, most, std::nullopt}, {}, Standing::above});
  CHECK(replicas_for(one_each, pods_with({most, most}), 2) == most_replicas);
}

TEST_CASE("propose_replicas: requests beyond all bounds neither wrap nor trap", "[decision]") {
  MeasuredPods pods = pods_with({100, 100}, 1);
  pods.requests["missing-0"] = most;
  CHECK(replicas_for(half_cpu, pods, 3) == 3);  // taken to use all of it, which is 100 %
  pods.requests["missing-0"] = -most;
  CHECK(replicas_for(half_cpu, pods, 3) == 3);
}

TEST_CASE("propose_replicas: a metric below zero wants no replicas", "[decision]") {
  CHECK(replicas_for(one_each, pods_with({-5000, -5000}), 2) == 0);
  CHECK(replicas_for(metric("External", value_of("1")), MeasuredValue{-9000, 3}, 2) == 0);
  CHECK(replicas_for(metric("Object", average_of("1")), MeasuredValue{-9000, 3}, 2) == 0);
}

TEST_CASE("propose_replicas: when both targets are set the average value wins", "[decision]") {
  MetricTarget both = utilization_of(50);
  both.average_value = "1";
  CHECK(replicas_for(metric("Resource", both), pods_with({1000, 1000}), 2) == 2);
  both = value_of("10");
  both.average_value = "1";
  CHECK(replicas_for(metric("External", both), MeasuredValue{5000, 2}, 2) == 5);
}

TEST_CASE("propose_replicas: the type of an object's target decides", "[decision]") {
  MetricTarget both = value_of("10");
  both.average_value = "1";
  CHECK(replicas_for(metric("Object", both), MeasuredValue{5000, 2}, 2) == 1);
  both.type = "AverageValue";
  CHECK(replicas_for(metric("Object", both), MeasuredValue{5000, 2}, 2) == 5);
  CHECK(failure_for(metric("Object", {"Value", std::nullopt, "1", std::nullopt}), MeasuredValue{})
            .message == "target.value is not set");
}

TEST_CASE("propose_replicas: nothing to go by is a failure, never a number", "[decision]") {
  const auto message = [](const MetricSpec& spec, const Measurement& measured) {
    return failure_for(spec, measured).message;
  };
  CHECK(message(half_cpu, MeasuredPods{}) ==
        "no pods returned by selector while calculating replica count");
  CHECK(message(half_cpu, pods_with({}, 3)) ==
        "did not receive metrics for targeted pods (pods might be unready)");
  MeasuredPods unready = pods_with({}, 0, 1);
  unready.samples["unready-0"] = {{}, {}, 5};
  CHECK(message(half_cpu, unready) ==
        "did not receive metrics for targeted pods (pods might be unready)");
  MeasuredPods unknown = pods_with({5});
  unknown.requests.clear();
  CHECK(message(half_cpu, unknown) == "no metrics returned matched known pods");
  CHECK(message(metric("External", value_of("1")), MeasuredValue{5000, std::nullopt}) ==
        "unable to calculate ready pods: no pods returned by selector while calculating replica "
        "count");
}

TEST_CASE("propose_replicas: a spec that makes no sense is a failure", "[decision]") {
  const auto message = [](const std::string& type, const MetricTarget& target) {
    const bool of_pods = type != "Object" && type != "External";
    const Measurement measured =
        of_pods ? Measurement(pods_with({500})) : Measurement(MeasuredValue{500, 1});
    const MetricFailure failure = failure_for(metric(type, target), measured);
    CHECK(failure.reason == "FailedGet" + type + "Metric");
    return failure.message;
  };
  CHECK(message("Resource", {}) ==
        "neither target.averageUtilization nor target.averageValue is set");
  CHECK(message("ContainerResource", utilization_of(0)) ==
        "target.averageUtilization is 0, not above zero");
  CHECK(message("Pods", utilization_of(50)) == "target.averageValue is not set");
  CHECK(message("Pods", average_of("0")) ==
        "target.averageValue is \"0\", not a quantity above zero");
  CHECK(message("Object", average_of("-1")) ==
        "target.averageValue is \"-1\", not a quantity above zero");
  CHECK(message("External", value_of("lots")) ==
        "target.value is \"lots\", not a quantity above zero");
  CHECK(message("External", {}) == "target.value is not set");
}

TEST_CASE("propose_replicas: what was measured has to be of the metric's kind", "[decision]") {
  CHECK(failure_for(one_each, MeasuredValue{1, 1}).reason == "FailedGetPodsMetric");
  CHECK(failure_for(metric("External", value_of("1")), pods_with({1})).reason ==
        "FailedGetExternalMetric");
  MetricSpec spec;
  spec.type = "Resource";
  CHECK(failure_for(spec, pods_with({1})) ==
        MetricFailure{"FailedGetResourceMetric", "the metric spec has no source of its type"});
  spec.type = "Weather";
  CHECK(failure_for(spec, pods_with({1})) ==
        MetricFailure{"InvalidMetricSourceType", "unknown metric source type \"Weather\""});
}

}  // namespace
}  // namespace cpab
