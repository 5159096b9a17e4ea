// The replica formula on many pods: CPU as utilization, memory and requests as averages. The floor
// looks once at every pod and every sample that the formula has to look at. Prints JSON.
//
//   bench_replica_formula [pods=10000] [rounds=50]

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "bench/arguments.h"
#include "bench/figures.h"
#include "cpab/decision/pod_groups.h"
#include "cpab/decision/pod_requests.h"
#include "cpab/decision/proposal_choice.h"

namespace {

using namespace cpab;

const Instant now{1'700'000'000, 0};

/// A Deployment of which some pods start, some have no samples and some are going.
struct Crowd {
  explicit Crowd(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "web-5d4f8c7b9-" + std::to_string(1'000'000 + i);
      const bool starting = i % 50 == 0;
      pods.push_back({name,
                      "Running",
                      i % 97 == 0,
                      now + std::chrono::seconds(starting ? -20 : -4000),
                      ReadyCondition{starting ? "False" : "True", now},
                      {{"app", {{"cpu", 500}, {"memory", 512'000}}},
                       {"proxy", {{"cpu", 100}, {"memory", 64'000}}}}});
      if (i % 70 != 0) samples[name] = {now, std::chrono::seconds(30), 300 + i % 400};
    }
  }

  std::vector<PodFacts> pods;
  PodMetrics samples;
};

struct Metric {
  MetricSpec spec;
  std::string resource;  ///< empty for a Pods metric
};

std::vector<Metric> three_metrics() {
  MetricSpec cpu, memory, requests;
  cpu.type = memory.type = "Resource";
  cpu.resource = {"cpu", {"Utilization", {}, {}, 60}};
  memory.resource = {"memory", {"AverageValue", {}, "400m", {}}};
  requests.type = "Pods";
  requests.pods = {{"requests", {}}, {"AverageValue", {}, "450m", {}}};
  return {{cpu, "cpu"}, {memory, "memory"}, {requests, ""}};
}

/// From the pods and samples to a replica count.
std::int32_t formula(const Crowd& crowd, const std::vector<Metric>& metrics,
                     std::vector<Measurement>& measured) {
  const auto current = static_cast<std::int32_t>(crowd.pods.size());
  std::vector<MetricOutcome> outcomes;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const Metric& metric = metrics[i];
    auto& pods = std::get<MeasuredPods>(measured[i]);
    pods.groups = classify_pods(crowd.pods, pods.samples, metric.resource, {now});
    if (metric.resource == "cpu") pods.requests = pod_requests(crowd.pods, {"cpu"});
    outcomes.push_back(
        propose_replicas(metric.spec, measured[i], ProposalRules({current, current})));
  }
  return choose_proposal(outcomes, current).replicas.value_or(-1);
}

std::int64_t look_once(const Crowd& crowd, std::size_t metrics) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < metrics; ++i) {
    for (const PodFacts& pod : crowd.pods) {
      sum += pod.deleted ? 0 : static_cast<std::int64_t>(pod.name.back()) + pod.ready->status[0];
    }
    for (const auto& [pod, sample] : crowd.samples) sum += sample.value + pod.back();
  }
  return sum;
}

struct Figures {
  double ms = 0;
  double floor_ms = 0;
  std::int64_t check = 0;  ///< of all results, so that no work is left out
};

/// Not wall time: there is nothing to wait for but other programs.
template <typename Work>
double cpu_ms(Work work) {
  const double before = bench::own_cpu();
  work();
  return bench::own_cpu() - before;
}

Figures measure(const Crowd& crowd, int rounds) {
  const std::vector<Metric> metrics = three_metrics();
  std::vector<Measurement> measured(metrics.size(), MeasuredPods{crowd.samples, {}});
  std::vector<double> times, floors;
  Figures figures;
  for (int i = 0; i < rounds; ++i) {
    times.push_back(cpu_ms([&] { figures.check += formula(crowd, metrics, measured); }));
    floors.push_back(cpu_ms([&] { figures.check += look_once(crowd, metrics.size()); }));
  }
  figures.ms = bench::median(times);
  figures.floor_ms = bench::median(floors);
  return figures;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const int pods = arguments.number("pods", 10'000);
  const int rounds = arguments.number("rounds", 50);
  Crowd crowd(pods);
  const Figures sorted = measure(crowd, rounds);
  std::shuffle(crowd.pods.begin(), crowd.pods.end(), std::mt19937(1));
  const Figures shuffled = measure(crowd, rounds);
  std::printf(R"({"pods":%d,"metrics":3,"ms":%.3f,"ns_per_pod":%.1f,"floor_ms":%.3f,)"
              R"("shuffled_ms":%.3f,"shuffled_floor_ms":%.3f,"check":%lld})"
              "\n",
              pods, sorted.ms, sorted.ms * 1e6 / pods, sorted.floor_ms, shuffled.ms,
              shuffled.floor_ms, static_cast<long long>(sorted.check + shuffled.check));
}
