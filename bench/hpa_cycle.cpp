// The HPA's part of a cycle on many pods, from the answers of the API server to an evaluation:
// three metrics, and the list of pods as facts and as objects. The answers are ready in memory, so
// that neither server nor network counts. Prints JSON: times in ms, and the most memory that was in
// use at once, as a multiple of the JSON that was read and in bytes for each pod.
//
//   bench_hpa_cycle [pods=10000] [rounds=10] [page=500]

#include <malloc.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bench/arguments.h"
#include "bench/figures.h"
#include "cpab/io/manual_clock.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/rest_cluster.h"
#include "cpab/kubernetes/rest_kubernetes_metrics.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/methods/hpa_method.h"
#include "cpab/methods/kubernetes_method.h"
#include "cpab/pipeline/stage_input.h"

namespace {

using namespace cpab;

/// Answers each path with a text made beforehand.
class ReadyAnswers : public HttpClient {
 public:
  std::map<std::string, std::string> bodies;  ///< by the end of the URL

  HttpResponse send(const HttpRequest& request) override {
    for (const auto& [end, body] : bodies) {
      if (request.url.ends_with(end)) return {200, {}, body};
    }
    throw HttpError(HttpFailure::connect, "nothing is ready for " + request.url);
  }
};

std::string name_of(int index) { return "web-5d4f8c7b9-" + std::to_string(1'000'000 + index); }

/// A pod of two containers, about as long as those of an API server.
std::string pod_json(int index) {
  const std::string filler(1500, 'x');
  const std::string container =
      R"("image":"registry.example/web:1.0","env":[{"name":"A","value":"b"}],"resources":{"limits":)"
      R"({"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m","memory":"512Mi"}},"volumeMounts":[)"
      R"({"name":"token","readOnly":true,"mountPath":"/var/run/secrets"}]})";
  return R"({"metadata":{"name":")" + name_of(index) +
         R"(","uid":"0d2b8f3e-8c1c-4b59-9a3f-2f4de4a7d0aa","annotations":{"a":")" + filler +
         R"("}},"spec":{"containers":[{"name":"app",)" + container + R"(,{"name":"proxy",)" +
         container +
         R"(],"nodeName":"n"},"status":{"phase":"Running","startTime":"2025-12-31T20:00:00Z",)"
         R"("conditions":[{"type":"Initialized","status":"True"},{"type":"Ready","status":"True",)"
         R"("lastTransitionTime":"2025-12-31T20:00:05Z"}]}})";
}

/// The items `first` to `last` - 1 of a list.
template <typename Item>
std::string list_json(int first, int last, const std::string& next, Item item) {
  std::string json = R"({"metadata":{"continue":")" + next + R"("},"items":[)";
  for (int i = first; i < last; ++i) json += (i > first ? "," : "") + item(i);
  return json + "]}";
}

std::string usage_json(int index) {
  const std::string usage =
      R"("usage":{"cpu":")" + std::to_string(300 + index % 400) + R"(m","memory":"200Mi"}})";
  return R"({"metadata":{"name":")" + name_of(index) +
         R"("},"timestamp":"2026-01-01T00:00:00Z","window":"30s","containers":[{"name":"app",)" +
         usage + R"(,{"name":"proxy",)" + usage + "]}";
}

std::string value_json(int index) {
  return R"({"describedObject":{"kind":"Pod","name":")" + name_of(index) +
         R"("},"timestamp":"2026-01-01T00:00:00Z","value":")" + std::to_string(index % 900) +
         R"(m"})";
}

/// A cluster of so many pods, and a client of it.
struct Crowd {
  Crowd(int count, int page) : scale{"web", "", count, count, "app=web"} {
    add_pods(count, page);
    http.bodies["/apis?timeout=32s"] =
        R"({"groups":[{"name":"custom.metrics.k8s.io","versions":[{"version":"v1beta1"}]}]})";
    http.bodies["/apis/metrics.k8s.io/v1beta1/namespaces/prod/pods?labelSelector=app%3Dweb"] =
        list_json(0, count, "", usage_json);
    http.bodies["/pods/%2A/requests?labelSelector=app%3Dweb"] = list_json(0, count, "", value_json);
    MetricSpec cpu, memory, requests;
    cpu.type = memory.type = "Resource";
    cpu.resource = {"cpu", {"Utilization", {}, {}, 60}};
    memory.resource = {"memory", {"AverageValue", {}, "400Mi", {}}};
    requests.type = "Pods";
    requests.pods = {{"requests", {}}, {"AverageValue", {}, "450m", {}}};
    specs = {cpu, memory, requests};
  }

  void add_pods(int count, int page) {
    const std::string path = "/api/v1/namespaces/prod/pods?labelSelector=app%3Dweb&limit=500";
    for (int first = 0; first < count; first += page) {
      const int last = std::min(count, first + page);
      const std::string here = first == 0 ? "" : "&continue=" + std::to_string(first);
      http.bodies[path + here] =
          list_json(first, last, last < count ? std::to_string(last) : "", pod_json);
      pod_bytes += http.bodies[path + here].size();
    }
  }

  Budget budget() { return {clock.now() + std::chrono::minutes(1), {}}; }

  /// What the stages kubernetesMetrics and metric make.
  std::string gather() {
    RunPods pods(cluster, "prod", scale.selector, RunPods::Keep::facts);
    const KubernetesMetricsResult result =
        metrics.gather({specs, scale, pods, clock.wall_now(), MetricDetail::complete}, budget());
    if (!result.errors.empty()) throw std::runtime_error(result.errors.front());
    return KubernetesMethod().run(metric_input({"web", "", "{}"}, RunType::scaler, result.metrics),
                                  {});
  }

  static std::string evaluate(const std::string& metric) {
    return HpaMethod({}).run(evaluate_input({"web", "", "{}"}, RunType::scaler, {{"web", metric}}),
                             {});
  }

  Scale scale;
  std::size_t pod_bytes = 0;
  std::vector<MetricSpec> specs;
  ReadyAnswers http;
  ManualClock clock;
  TokenSource token{"t"};
  RestClient rest{http, token, clock, {"https://api", std::chrono::seconds(10), {}, {}}};
  Discovery discovery{rest, clock};
  RestCluster cluster{rest, discovery};
  RestKubernetesMetrics metrics{rest, discovery, {}};
};

double status_kib(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1));
  }
  return 0;
}

/// By how many bytes the resident memory rises at most during `work`.
double peak_of(const std::function<void()>& work) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // begin a new VmHWM
  const double before = status_kib("VmRSS");
  work();
  return (status_kib("VmHWM") - before) * 1024;
}

double median_ms(int rounds, const std::function<void()>& work) {
  std::vector<double> samples;
  samples.reserve(static_cast<std::size_t>(rounds));
  for (int i = 0; i < rounds; ++i) samples.push_back(bench::milliseconds(work));
  return bench::median(samples);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const int pods = arguments.number("pods", 10'000);
  const int rounds = arguments.number("rounds", 10);
  Crowd crowd(pods, arguments.number("page", 500));
  const auto facts = [&] { crowd.cluster.pod_facts("prod", "app=web", crowd.budget()); };
  const auto objects = [&] { crowd.cluster.pods("prod", "app=web", crowd.budget()); };
  const auto json = static_cast<double>(crowd.pod_bytes);
  const double facts_peak = peak_of(facts);
  const double objects_peak = peak_of(objects);
  const double cycle_peak = peak_of([&] { Crowd::evaluate(crowd.gather()); });
  const std::string metric = crowd.gather();
  const double list_ms = median_ms(rounds, facts);
  const double gather_ms = median_ms(rounds, [&] { crowd.gather(); });
  const double evaluate_ms = median_ms(rounds, [&] { Crowd::evaluate(metric); });
  std::printf(R"({"pods":%d,"metrics":3,"pod_list_bytes":%.0f,"document_bytes":%zu,)"
              R"("list_facts_ms":%.1f,"gather_ms":%.1f,"hpa_method_ms":%.1f,)"
              R"("facts_peak_per_json":%.2f,"objects_peak_per_json":%.2f,)"
              R"("cycle_peak_bytes_per_pod":%.0f,"evaluation":%s})"
              "\n",
              pods, json, metric.size(), list_ms, gather_ms, evaluate_ms, facts_peak / json,
              objects_peak / json, cycle_peak / pods, Crowd::evaluate(metric).c_str());
}
