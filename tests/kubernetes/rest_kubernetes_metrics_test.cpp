#include "cpab/kubernetes/rest_kubernetes_metrics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <latch>

#include "tests/kubernetes/api_server_script.h"

namespace cpab {
namespace {

using Lines = std::vector<std::string>;

const std::string pods_line = "GET /api/v1/namespaces/prod/pods?labelSelector=app%3Dweb&limit=500";
const std::string resource_line =
    "GET /apis/metrics.k8s.io/v1beta1/namespaces/prod/pods?labelSelector=app%3Dweb";
const std::string groups_line = "GET /apis?timeout=32s";
const std::string custom = "GET /apis/custom.metrics.k8s.io/v1beta2/namespaces/prod";
const std::string pps_line = custom + "/pods/%2A/pps?labelSelector=app%3Dweb";
const std::string queue_line = "GET /apis/external.metrics.k8s.io/v1beta1/namespaces/prod/queue";

/// A pod that has been ready for an hour.
std::string pod(const std::string& name, const std::string& cpu_request = "200m") {
  const std::string requests = cpu_request.empty() ? "" : R"("cpu":")" + cpu_request + R"(")";
  return R"({"metadata":{"name":")" + name +
         R"("},"spec":{"containers":[{"name":"main",)"
         R"("resources":{"requests":{)" +
         requests +
         R"(}}}]},"status":{"phase":"Running",)"
         R"("startTime":"2025-12-31T23:00:00Z","conditions":[{"type":"Ready","status":"True",)"
         R"("lastTransitionTime":"2025-12-31T23:00:05Z"}]}})";
}

std::string pending_pod(const std::string& name) {
  return R"({"metadata":{"name":")" + name +
         R"("},"spec":{"containers":[{"name":"main",)"
         R"("resources":{"requests":{"cpu":"100m"}}}]},"status":{"phase":"Pending"}})";
}

std::string list(const Lines& items) {
  std::string all;
  for (const std::string& item : items) all += (all.empty() ? "" : ",") + item;
  return R"({"items":[)" + all + "]}";
}

std::string pod_usage(const std::string& name, const std::string& cpu) {
  return R"({"metadata":{"name":")" + name +
         R"("},"timestamp":"2026-01-01T00:00:00Z",)"
         R"("window":"30s","containers":[{"name":"main","usage":{"cpu":")" +
         cpu + R"("}}]})";
}

std::string pod_value(const std::string& name, const std::string& value) {
  return R"({"describedObject":{"kind":"Pod","name":")" + name +
         R"("},)"
         R"("timestamp":"2026-01-01T00:00:00Z","value":")" +
         value + R"("})";
}

std::string value(const std::string& text) {
  return R"({"timestamp":"2026-01-01T00:00:00.5Z","value":")" + text + R"("})";
}

std::string groups(const std::string& custom_versions, const std::string& preferred) {
  return R"({"groups":[{"name":"custom.metrics.k8s.io","versions":[)" + custom_versions +
         R"(],"preferredVersion":{"version":")" + preferred +
         R"("}},{"name":"apps","versions":[)"
         R"({"version":"v1"}],"preferredVersion":{"version":"v1"}}]})";
}

MetricTarget target(const std::string& type) { return {type, {}, {}, {}}; }

MetricSpec resource_spec(const std::string& type, const std::string& name = "cpu") {
  MetricSpec spec;
  spec.type = "Resource";
  spec.resource = ResourceMetricSource{name, target(type)};
  return spec;
}

MetricSpec container_spec(const std::string& type, const std::string& container = "main") {
  MetricSpec spec;
  spec.type = "ContainerResource";
  spec.container_resource = ContainerResourceMetricSource{"cpu", container, target(type)};
  return spec;
}

MetricSpec pods_spec(const std::string& type = "AverageValue") {
  MetricSpec spec;
  spec.type = "Pods";
  spec.pods = PodsMetricSource{{"pps", {}}, target(type)};
  return spec;
}

MetricSpec object_spec(const std::string& type,
                       ObjectReference object = {"Deployment", "web", "apps/v1beta9"}) {
  MetricSpec spec;
  spec.type = "Object";
  spec.object = ObjectMetricSource{std::move(object), target(type), {"hits", {}}};
  return spec;
}

MetricSpec external_spec(const std::string& type) {
  MetricSpec spec;
  spec.type = "External";
  spec.external = ExternalMetricSource{{"queue", {}}, target(type)};
  return spec;
}

/// The metrics of a deployment `web` of two replicas.
struct MetricsScript : ApiServerScript {
  RestKubernetesMetrics metrics{rest, discovery, {}};
  Scale scale{"web", "u", 2, 2, "app=web"};
  MetricDetail detail = MetricDetail::reference;
  Parity parity = Parity::current;

  MetricsScript() {
    http.on(apps_line, 200, apps_resources)
        .on(groups_line, 200, groups(R"({"version":"v1beta2"},{"version":"v1beta1"})", "v1beta2"));
  }

  KubernetesMetricsResult gather(const std::vector<MetricSpec>& specs) {
    RunPods pods(cluster, "prod", scale.selector, RunPods::Keep::facts);
    return metrics.gather({specs, scale, pods, clock.wall_now(), detail, parity}, minute());
  }

  /// What the one spec comes to.
  std::string gather_one(const MetricSpec& spec) {
    const KubernetesMetricsResult result = gather({spec});
    CHECK(result.errors.empty());
    REQUIRE(result.metrics.size() == 1);
    return result.metrics.front();
  }

  std::string error_of(const MetricSpec& spec) {
    const KubernetesMetricsResult result = gather({spec});
    CHECK(result.metrics.empty());
    REQUIRE(result.errors.size() == 1);
    return result.errors.front();
  }
};

TEST_CASE("KubernetesMetrics: Resource with Utilization adds the requests",
          "[kubernetes][contract-50]") {
  MetricsScript api;
  api.http.on(resource_line, 200, list({pod_usage("a", "150m"), pod_usage("x", "1n")}))
      .on(pods_line, 200, list({pod("a"), pod("b"), pending_pod("c")}));

  CHECK(api.gather_one(resource_spec("Utilization")) ==
        R"({"current_replicas":2,"spec":{"type":"Resource","resource":{"name":"cpu","target":)"
        R"({"type":"Utilization"}}},"resource":{"pod_metrics_info":{)"
        R"("a":{"Timestamp":"2026-01-01T00:00:00Z","Window":30000000000,"Value":150},)"
        R"("x":{"Timestamp":"2026-01-01T00:00:00Z","Window":30000000000,"Value":1}},)"
        R"("requests":{"a":200,"b":200,"c":100},"ready_pod_count":1,"ignored_pods":{"c":{}},)"
        R"("missing_pods":{"b":{}},"total_pods":3,"timestamp":"2026-01-01T00:00:00Z"}})");
}

TEST_CASE("KubernetesMetrics: Resource with AverageValue leaves them out",
          "[kubernetes][contract-50]") {
  MetricsScript api;
  api.http.on(resource_line, 200, list({pod_usage("a", "150m")}))
      .on(pods_line, 200, list({pod("a", "")}));

  CHECK(api.gather_one(resource_spec("AverageValue")) ==
        R"({"current_replicas":2,"spec":{"type":"Resource","resource":{"name":"cpu","target":)"
        R"({"type":"AverageValue"}}},"resource":{"pod_metrics_info":{)"
        R"("a":{"Timestamp":"2026-01-01T00:00:00Z","Window":30000000000,"Value":150}},)"
        R"("requests":null,"ready_pod_count":1,"ignored_pods":{},"missing_pods":{},)"
        R"("total_pods":1,"timestamp":"2026-01-01T00:00:00Z"}})");
}

TEST_CASE("KubernetesMetrics: ContainerResource looks at one container of each pod",
          "[kubernetes]") {
  MetricsScript api;
  const auto usage = [](const std::string& name, const std::string& containers) {
    return R"({"metadata":{"name":")" + name +
           R"("},"timestamp":"2026-01-01T00:00:00Z","window":"30s","containers":[)" + containers +
           "]}";
  };
  const std::string other = R"({"name":"log","usage":{"cpu":"7m"}})";
  api.http
      .on(resource_line, 200,
          list({usage("a", other + R"(,{"name":"main","usage":{"cpu":"150m"}})"),
                usage("b", other)}))
      .on(pods_line, 200, list({pod("a"), pod("b", "300m")}));

  CHECK(api.gather_one(container_spec("Utilization")) ==
        R"({"current_replicas":2,"spec":{"type":"ContainerResource","containerResource":)"
        R"({"name":"cpu","target":{"type":"Utilization"},"container":"main"}},)"
        R"("container_resource":{"pod_metrics_info":{)"
        R"("a":{"Timestamp":"2026-01-01T00:00:00Z","Window":30000000000,"Value":150}},)"
        R"("requests":{"a":200,"b":300},"ready_pod_count":1,"ignored_pods":{},)"
        R"("missing_pods":{"b":{}},"total_pods":2,"timestamp":"2026-01-01T00:00:00Z"}})");

  CHECK(api.gather_one(container_spec("AverageValue")).find(R"("requests":null)") !=
        std::string::npos);
  CHECK(api.error_of(container_spec("Utilization", "gone")) ==
        "failed to get container resource metric: container gone not found in Pod a");
}

TEST_CASE("KubernetesMetrics: the complete detail has what the formula needs", "[kubernetes]") {
  MetricsScript api;
  api.detail = MetricDetail::complete;
  api.scale.status_replicas = 4;
  std::string failed = pod("b");
  failed.replace(failed.find("Running"), 7, "Failed");
  api.http.on(resource_line, 200, list({pod_usage("a", "150m")}))
      .on(pps_line, 200, list({pod_value("a", "1")}))
      .on(queue_line, 200, list({value("1")}))
      .on(pods_line, 200, list({pod("a"), failed, pending_pod("c")}));
  const auto end_of = [&](const MetricSpec& spec) {
    const std::string json = api.gather_one(spec);
    return json.substr(json.find(R"(,"status_replicas")"));
  };

  CHECK(end_of(resource_spec("Utilization")) == R"(,"status_replicas":4,"ended_pods":{"b":{}}})");
  CHECK(end_of(pods_spec()) ==
        R"(,"status_replicas":4,"unready_pods":{"c":{}},"ended_pods":{"b":{}}})");
  CHECK(end_of(external_spec("Value")) ==
        R"(,"status_replicas":4,"ended_pods":{"b":{}},"total_pods":3})");
  CHECK(end_of(external_spec("AverageValue")) == R"(,"status_replicas":4})");
}

TEST_CASE("KubernetesMetrics: the complete detail counts sidecars and requests of whole pods",
          "[kubernetes]") {
  MetricsScript api;
  api.detail = MetricDetail::complete;
  const auto with = [](std::string json, const std::string& member) {
    return json.insert(json.find(R"("containers")"), member + ",");
  };
  api.http.on(resource_line, 200, list({pod_usage("a", "150m")}));

  SECTION("beside those of the reference") {
    api.http.on(pods_line, 200,
                list({with(pod("a"), R"("initContainers":[{"name":"proxy","restartPolicy":)"
                                     R"("Always","resources":{"requests":{"cpu":"50m"}}}])")}));
    const std::string json = api.gather_one(resource_spec("Utilization"));
    CHECK(json.find(R"("requests":{"a":200},)") != std::string::npos);
    CHECK(json.find(R"("pod_requests":{"a":250}})") != std::string::npos);
  }
  SECTION("where the reference has none") {
    api.http.on(pods_line, 200,
                list({with(pod("a", ""), R"("resources":{"requests":{"cpu":"1"}})")}));
    const std::string json = api.gather_one(resource_spec("Utilization"));
    CHECK(json.find(R"("requests":null,)") != std::string::npos);
    CHECK(json.find(R"("pod_requests":{"a":1000}})") != std::string::npos);
  }
}

TEST_CASE("KubernetesMetrics: without parity finished pods are neither missing nor need a request",
          "[kubernetes]") {
  MetricsScript api;
  api.detail = MetricDetail::complete;
  std::string done = pod("b", "");
  done.replace(done.find("Running"), 7, "Succeeded");
  api.http.on(resource_line, 200, list({pod_usage("a", "150m")}))
      .on(pps_line, 200, list({pod_value("a", "1")}))
      .on(queue_line, 200, list({value("1")}))
      .on(pods_line, 200, list({pod("a"), done}));

  SECTION("without") {
    api.parity = Parity::none;
    const std::string cpu = api.gather_one(resource_spec("Utilization"));
    CHECK_THAT(cpu, Catch::Contains(R"("missing_pods":{},)"));
    CHECK_THAT(cpu, Catch::EndsWith(R"("ended_pods":{"b":{}},"pod_requests":{"a":200}})"));
    CHECK_THAT(api.gather_one(container_spec("Utilization")),
               Catch::Contains(R"("requests":{"a":200})"));
    CHECK_THAT(api.gather_one(pods_spec()), Catch::EndsWith(R"("ended_pods":{"b":{}}})"));
    CHECK_THAT(api.gather_one(external_spec("Value")),
               Catch::EndsWith(R"("ended_pods":{"b":{}},"total_pods":2})"));
  }
  SECTION("as the HPA controller") {
    CHECK_THAT(api.gather({resource_spec("Utilization")}).errors.at(0),
               Catch::Contains("missing request for cpu in container main of Pod b"));
    CHECK_THAT(api.gather_one(pods_spec()), Catch::Contains(R"("missing_pods":{"b":{}},)"));
    CHECK_THAT(api.gather_one(external_spec("Value")),
               Catch::EndsWith(R"("ended_pods":{},"total_pods":2})"));
  }
}

TEST_CASE("KubernetesMetrics: the complete detail has an element for a failed spec",
          "[kubernetes]") {
  MetricsScript api;
  api.detail = MetricDetail::complete;
  api.http.on(resource_line, 200, list({}));

  const KubernetesMetricsResult result = api.gather({resource_spec("AverageValue")});

  const std::string error =
      "failed to get resource metric: unable to get metrics for resource cpu: no metrics returned "
      "from resource metrics API";
  CHECK(result.errors == Lines{error});
  CHECK(result.metrics ==
        Lines{R"({"current_replicas":2,"spec":{"type":"Resource","resource":{"name":"cpu",)"
              R"("target":{"type":"AverageValue"}}},"error":")" +
              error + R"(","reason":"FailedGetResourceMetric"})"});
}

TEST_CASE("KubernetesMetrics: ignored pods lose their metric, skipped ones keep it",
          "[kubernetes][contract-52]") {
  MetricsScript api;
  std::string failed = pod("b");
  failed.replace(failed.find("Running"), 7, "Failed");
  api.http.on(resource_line, 200, list({pod_usage("a", "1m"), pod_usage("b", "2m")}))
      .on(pods_line, 200, list({pending_pod("a"), failed}));

  const std::string json = api.gather_one(resource_spec("Utilization"));
  CHECK(json.find(R"("pod_metrics_info":{"b":{"Timestamp":"2026-01-01T00:00:00Z",)"
                  R"("Window":30000000000,"Value":2}},"requests":{"a":100,"b":200},)"
                  R"("ready_pod_count":0,"ignored_pods":{"a":{}},"missing_pods":{},)"
                  R"("total_pods":2)") != std::string::npos);
}

TEST_CASE("KubernetesMetrics: what a Resource metric fails with", "[kubernetes][contract-54]") {
  MetricsScript api;

  SECTION("the API refuses") {
    api.http.on(resource_line, 404, "404 page not found\n");
    CHECK(api.error_of(resource_spec("Utilization")) ==
          "failed to get resource metric: unable to get metrics for resource cpu: unable to fetch "
          "metrics from resource metrics API: the server could not find the requested resource "
          "(get pods.metrics.k8s.io)");
  }
  SECTION("no metrics") {
    api.http.on(resource_line, 200, list({}));
    CHECK(api.error_of(resource_spec("AverageValue")) ==
          "failed to get resource metric: unable to get metrics for resource cpu: no metrics "
          "returned from resource metrics API");
  }
  SECTION("no pods") {
    api.http.on(resource_line, 200, list({pod_usage("a", "1")})).on(pods_line, 200, list({}));
    CHECK(api.error_of(resource_spec("AverageValue")) ==
          "failed to get resource metric: no pods returned by selector while calculating replica "
          "count");
  }
  SECTION("a container without a request") {
    api.http.on(resource_line, 200, list({pod_usage("a", "1")}))
        .on(pods_line, 200, list({pod("a"), pod("b", "")}));
    CHECK(api.error_of(resource_spec("Utilization")) ==
          "failed to get resource metric: missing request for cpu (container main of pod b)");
  }
  SECTION("the pods cannot be listed") {
    api.http.on(resource_line, 200, list({pod_usage("a", "1")}))
        .on(pods_line, 403, status_object(403, "pods is forbidden"));
    CHECK(api.error_of(resource_spec("Utilization")) ==
          "failed to get resource metric: unable to get pods while calculating replica count: "
          "pods is forbidden");
  }
}

TEST_CASE("KubernetesMetrics: a broken metrics API fails the spec after one retry",
          "[kubernetes][contract-51]") {
  MetricsScript api;
  const int status = GENERATE(429, 500, 503);
  api.http.on(resource_line, status, status_object(status, "try later"));

  CHECK(api.error_of(resource_spec("Utilization")) ==
        "failed to get resource metric: unable to get metrics for resource cpu: unable to fetch "
        "metrics from resource metrics API: try later (tried 2 times)");
  CHECK(api.http.lines() == Lines{resource_line, resource_line});
}

TEST_CASE("KubernetesMetrics: a metrics API may say when to ask again", "[kubernetes]") {
  MetricsScript api;
  api.http.on(queue_line, 429, "", {{"Retry-After", "50"}}).on(queue_line, 200, list({value("1")}));

  api.gather_one(external_spec("AverageValue"));
  CHECK(api.http.lines() == Lines{queue_line, queue_line});

  api.http.forget(queue_line).on(queue_line, 429, "", {{"Retry-After", "70"}});
  api.error_of(external_spec("AverageValue"));  // longer than there is
  CHECK(api.http.lines().size() == 3);
}

TEST_CASE("KubernetesMetrics: metrics are read at the same time", "[kubernetes]") {
  MetricsScript api;
  RestKubernetesMetrics at_once(api.rest, api.discovery, {}, 3);
  std::latch all(3);
  const auto waiting = [&](const std::string& body) {
    return [&all, body](const HttpRequest&) {
      all.arrive_and_wait();  // ends only when all three are asked for
      return HttpResponse{200, {}, body};
    };
  };
  api.http.on(resource_line, waiting(list({pod_usage("a", "150m")})))
      .on(pps_line, waiting(list({pod_value("a", "1")})))
      .on(queue_line, waiting(list({})))
      .on(pods_line, 200, list({pod("a")}));
  RunPods pods(api.cluster, "prod", "app=web", RunPods::Keep::facts);

  const std::vector<MetricSpec> specs{resource_spec("AverageValue"), external_spec("AverageValue"),
                                      pods_spec()};
  const KubernetesMetricsResult result =
      at_once.gather({specs, api.scale, pods, api.clock.wall_now()}, api.minute());

  REQUIRE(result.metrics.size() == 2);
  CHECK_THAT(result.metrics[0], Catch::Contains(R"("type":"Resource")"));
  CHECK_THAT(result.metrics[1], Catch::Contains(R"("type":"Pods")"));
  CHECK(result.errors.size() == 1);
  const Lines lines = api.http.lines();
  for (const std::string& once : {resource_line, pods_line, groups_line}) {
    CHECK(std::count(lines.begin(), lines.end(), once) == 1);
  }
}

TEST_CASE("KubernetesMetrics: an API that is not there is asked for once a run", "[kubernetes]") {
  MetricsScript api;
  api.http.forget(groups_line).on(groups_line, 503, "");

  const KubernetesMetricsResult result =
      api.gather({pods_spec(), object_spec("Value"), object_spec("AverageValue")});

  CHECK(result.errors.size() == 3);
  const Lines lines = api.http.lines();
  CHECK(std::count(lines.begin(), lines.end(), groups_line) == 2);
}

TEST_CASE("KubernetesMetrics: Pods", "[kubernetes]") {
  MetricsScript api;
  api.http.on(pps_line, 200, list({pod_value("a", "1500m")}))
      .on(pods_line, 200, list({pod("a"), pod("b"), pending_pod("c")}));

  CHECK(api.gather_one(pods_spec()) ==
        R"({"current_replicas":2,"spec":{"type":"Pods","pods":{"metric":{"name":"pps"},"target":)"
        R"({"type":"AverageValue"}}},"pods":{"pod_metrics_info":{)"
        R"("a":{"Timestamp":"2026-01-01T00:00:00Z","Window":60000000000,"Value":1500}},)"
        R"("ready_pod_count":1,"ignored_pods":null,"missing_pods":{"b":{}},"total_pods":3,)"
        R"("timestamp":"2026-01-01T00:00:00Z"}})");
}

TEST_CASE("KubernetesMetrics: Pods with no pods succeeds", "[kubernetes][contract-54]") {
  MetricsScript api;
  api.http.on(pps_line, 200, list({pod_value("a", "1")})).on(pods_line, 200, list({}));

  CHECK(api.gather_one(pods_spec()) ==
        R"({"current_replicas":2,"spec":{"type":"Pods","pods":{"metric":{"name":"pps"},"target":)"
        R"({"type":"AverageValue"}}},"pods":{"pod_metrics_info":null,"ready_pod_count":0,)"
        R"("ignored_pods":null,"missing_pods":null,"total_pods":0,)"
        R"("timestamp":"2026-01-01T00:00:00Z"}})");
}

TEST_CASE("KubernetesMetrics: Pods passes its own selector on", "[kubernetes]") {
  MetricsScript api;
  MetricSpec spec = pods_spec();
  spec.pods->metric.selector = LabelSelector{{{"verb", "GET"}}, {}};
  api.http.on(pps_line + "&metricLabelSelector=verb%3DGET", 200, list({pod_value("a", "1")}))
      .on(pods_line, 200, list({pod("a")}));

  api.gather_one(spec);

  spec.pods->metric.selector = LabelSelector{{}, {{"verb", "Bogus", {}}}};
  CHECK(api.error_of(spec) ==
        "failed to get pods metric: \"Bogus\" is not a valid label selector operator");
}

TEST_CASE("KubernetesMetrics: what a Pods metric fails with", "[kubernetes][contract-54]") {
  MetricsScript api;
  CHECK(api.error_of(pods_spec()) ==
        "failed to get pods metric: unable to get metric pps: unable to fetch metrics from custom "
        "metrics API: the server could not find the requested resource (get "
        "pods.custom.metrics.k8s.io *)");

  api.http.on(pps_line, 200, list({}));
  CHECK(api.error_of(pods_spec()) ==
        "failed to get pods metric: unable to get metric pps: no metrics returned from custom "
        "metrics API");
}

TEST_CASE("KubernetesMetrics: Object with Value and AverageValue", "[kubernetes][contract-55]") {
  MetricsScript api;
  const std::string line = custom + "/deployments.apps/web/hits";
  api.http.on(line, 200, list({value("1500m")})).on(pods_line, 200, list({pod("a"), pod("b")}));

  CHECK(api.gather_one(object_spec("Value")) ==
        R"({"current_replicas":2,"spec":{"type":"Object","object":{"describedObject":)"
        R"({"kind":"Deployment","name":"web","apiVersion":"apps/v1beta9"},"target":)"
        R"({"type":"Value"},"metric":{"name":"hits"}}},"object":{"current":{"value":1500},)"
        R"("ready_pod_count":2,"timestamp":"2026-01-01T00:00:00.5Z"}})");
  const std::size_t before = api.http.requests().size();

  CHECK(api.gather_one(object_spec("AverageValue")) ==
        R"({"current_replicas":2,"spec":{"type":"Object","object":{"describedObject":)"
        R"({"kind":"Deployment","name":"web","apiVersion":"apps/v1beta9"},"target":)"
        R"({"type":"AverageValue"},"metric":{"name":"hits"}}},"object":)"
        R"({"current":{"average_value":1500},"timestamp":"2026-01-01T00:00:00.5Z"}})");
  // Everything known about versions and plurals is kept, and no pods are listed.
  CHECK(api.http.requests().size() == before + 1);
}

TEST_CASE("KubernetesMetrics: a namespace describes itself, whatever its name in the spec",
          "[kubernetes][contract-55]") {
  MetricsScript api;
  api.http.on(custom + "/metrics/hits", 200, list({value("2")}));

  CHECK_FALSE(api.gather_one(object_spec("AverageValue", {"Namespace", "other", "v1"})).empty());
}

TEST_CASE("KubernetesMetrics: an object of the core group", "[kubernetes][contract-55]") {
  MetricsScript api;
  api.http
      .on("GET /api/v1?timeout=32s", 200,
          R"({"resources":[{"name":"services","namespaced":true,"kind":"Service"}]})")
      .on(custom + "/services/a%20b/hits", 200, list({value("2")}));

  CHECK_FALSE(api.gather_one(object_spec("AverageValue", {"Service", "a b", "v1"})).empty());
}

TEST_CASE("KubernetesMetrics: the formula alone needs no pods while a value is on its target",
          "[kubernetes]") {
  MetricsScript api;
  MetricSpec spec = external_spec("Value");
  spec.external->target.value = "10";
  const auto [number, lists] = GENERATE(
      table<std::string, bool>({{"10", false}, {"10500m", false}, {"11500m", true}, {"8", true}}));
  api.http.on(queue_line, 200, list({value(number)})).on(pods_line, 200, list({pod("a")}));
  RunPods pods(api.cluster, "prod", "app=web", RunPods::Keep::facts);
  const std::vector<MetricSpec> specs{spec};
  MetricsRequest request{specs, api.scale, pods, api.clock.wall_now(), MetricDetail::complete};

  SECTION("alone") {
    request.formula_tolerance = Tolerance{};
    const auto result = api.metrics.gather(request, api.minute());
    CHECK(api.http.lines().size() == (lists ? 2 : 1));
    const bool counted = result.metrics.at(0).find("ready_pod_count") != std::string::npos;
    CHECK(counted == lists);
  }
  SECTION("with others") {
    api.metrics.gather(request, api.minute());
    CHECK(api.http.lines().size() == 2);
  }
}

TEST_CASE("KubernetesMetrics: what an Object metric fails with", "[kubernetes][contract-55]") {
  MetricsScript api;
  const std::string before =
      "failed to get object metric: unable to get metric hits: Deployment on prod web: unable to "
      "fetch metrics from custom metrics API: ";
  CHECK(api.error_of(object_spec("Value")) ==
        before +
            "the server could not find the requested resource (get "
            "deployments.apps.custom.metrics.k8s.io web)");

  api.http.on(custom + "/deployments.apps/web/hits", 200, list({value("1"), value("2")}));
  CHECK(api.error_of(object_spec("Value")) ==
        before + "the custom metrics API server returned 2 results when we asked for exactly one");

  CHECK(api.error_of(object_spec("Value", {"Widget", "w", "apps/v1"})) ==
        "failed to get object metric: unable to get metric hits: Widget on prod w: unable to fetch "
        "metrics from custom metrics API: no matches for kind \"Widget\" in group \"apps\"");
}

TEST_CASE("KubernetesMetrics: the version of the custom metrics API", "[kubernetes][contract-55]") {
  MetricsScript api;
  api.http.forget(groups_line);
  const auto with_groups = [&](const std::string& body) { api.http.on(groups_line, 200, body); };
  const std::string old_line =
      "GET /apis/custom.metrics.k8s.io/v1beta1/namespaces/prod/metrics/hits";
  const MetricSpec spec = object_spec("AverageValue", {"Namespace", "", "v1"});

  SECTION("only the old one") {
    with_groups(groups(R"({"version":"v1beta1"})", "v1beta1"));
    api.http.on(old_line, 200, list({value("2")}));
    api.gather_one(spec);
    api.gather_one(spec);
    CHECK(api.http.lines() == Lines{groups_line, old_line, old_line});
  }
  SECTION("an unknown one is preferred") {
    with_groups(groups(R"({"version":"v2"},{"version":"v1beta1"},{"version":"v1beta2"})", "v2"));
    api.http.on(old_line, 200, list({value("2")}));
    api.gather_one(spec);
  }
  SECTION("none that we know") {
    with_groups(groups(R"({"version":"v2"})", "v2"));
    CHECK(api.error_of(spec) ==
          "failed to get object metric: unable to get metric hits: Namespace on prod : unable to "
          "fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) "
          "registered");
  }
  SECTION("no such group, until there is one") {
    with_groups(R"({"groups":[]})");
    CHECK(api.error_of(pods_spec()) ==
          "failed to get pods metric: unable to get metric pps: unable to fetch metrics from "
          "custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered");
    api.clock.advance(std::chrono::seconds(2));
    api.http.forget(groups_line);
    with_groups(groups(R"({"version":"v1beta1"})", "v1beta1"));
    api.http.on(old_line, 200, list({value("2")}));
    api.gather_one(spec);
  }
  SECTION("the known one goes, another comes") {
    with_groups(groups(R"({"version":"v1beta2"})", "v1beta2"));
    api.http.on(custom + "/metrics/hits", 200, list({value("2")}));
    api.gather_one(spec);

    api.clock.advance(std::chrono::seconds(15));
    api.http.forget(groups_line).forget(custom + "/metrics/hits");
    with_groups(groups(R"({"version":"v1beta1"})", "v1beta1"));
    api.http.on(old_line, 200, list({value("2")}));
    api.error_of(spec);
    api.gather_one(spec);
  }
}

TEST_CASE("KubernetesMetrics: External with Value and AverageValue", "[kubernetes][contract-55]") {
  MetricsScript api;
  api.http.on(queue_line, 200, list({value("1500m"), value("2")}))
      .on(pods_line, 200, list({pod("a"), pending_pod("b")}));

  CHECK(api.gather_one(external_spec("Value")) ==
        R"({"current_replicas":2,"spec":{"type":"External","external":{"metric":{"name":"queue"},)"
        R"("target":{"type":"Value"}}},"external":{"current":{"value":3500},"ready_pod_count":1,)"
        R"("timestamp":"2026-01-01T00:00:00.5Z"}})");
  CHECK(api.gather_one(external_spec("AverageValue")) ==
        R"({"current_replicas":2,"spec":{"type":"External","external":{"metric":{"name":"queue"},)"
        R"("target":{"type":"AverageValue"}}},"external":{"current":{"average_value":3500},)"
        R"("timestamp":"2026-01-01T00:00:00.5Z"}})");
}

TEST_CASE("KubernetesMetrics: what an External metric fails with", "[kubernetes]") {
  MetricsScript api;
  CHECK(api.error_of(external_spec("Value")) ==
        "failed to get external metric: unable to get external metric prod/queue/nil: unable to "
        "fetch metrics from external metrics API: the server could not find the requested "
        "resource (get queue.external.metrics.k8s.io)");

  MetricSpec spec = external_spec("Value");
  spec.external->metric.selector = LabelSelector{{{"q", "a"}}, {}};
  api.http.on(queue_line + "?labelSelector=q%3Da", 200, list({}));
  CHECK(api.error_of(spec) ==
        "failed to get external metric: unable to get external metric prod/queue/q=a: no metrics "
        "returned from external metrics API");

  api.http.on(queue_line, 200, list({value("1")})).on(pods_line, 403, status_object(403, "no"));
  CHECK(api.error_of(external_spec("Value")) ==
        "failed to get external metric: unable to calculate ready pods: no");
}

TEST_CASE("KubernetesMetrics: specs that cannot be gathered cost no request", "[kubernetes]") {
  MetricsScript api;
  MetricSpec empty;
  empty.type = "Resource";

  const KubernetesMetricsResult result =
      api.gather({resource_spec("Value"), pods_spec("Value"), object_spec("Utilization"),
                  external_spec(""), container_spec("Value"), empty, MetricSpec{}});

  CHECK(result.metrics.empty());
  CHECK(result.errors ==
        Lines{"invalid resource metric source: must be either average value or average utilization",
              "invalid pods metric source: must be average value",
              "invalid object metric source: must be either value or average value",
              "invalid external metric source: must be either value or average value",
              // One error. NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
              "invalid container resource metric source: must be either average value or average "
              "utilization",
              "the metric spec of type Resource has no source", "unknown metric source type \"\""});
  CHECK(api.http.requests().empty());
}

TEST_CASE("KubernetesMetrics: no specs, no requests", "[kubernetes]") {
  MetricsScript api;

  const KubernetesMetricsResult result = api.gather({});

  CHECK(result.metrics.empty());
  CHECK(result.errors.empty());
  CHECK(api.http.requests().empty());
}

TEST_CASE("KubernetesMetrics: the pods are listed once a run, and failures stay with their spec",
          "[kubernetes][contract-51]") {
  MetricsScript api;
  api.http.on(resource_line, 200, list({pod_usage("a", "1")}))
      .on(queue_line, 200, list({value("1")}))
      .on(pods_line, 200, list({pod("a")}));

  const KubernetesMetricsResult result =
      api.gather({resource_spec("Utilization"), pods_spec(), external_spec("Value")});

  REQUIRE(result.metrics.size() == 2);
  CHECK(result.metrics[0].find(R"("type":"Resource")") != std::string::npos);
  CHECK(result.metrics[1].find(R"("type":"External")") != std::string::npos);
  CHECK(result.errors.size() == 1);
  const Lines lines = api.http.lines();
  CHECK(std::count(lines.begin(), lines.end(), pods_line) == 1);
}

TEST_CASE("KubernetesMetrics: what pods use is asked for once, for all resources and containers",
          "[kubernetes]") {
  MetricsScript api;
  const std::vector<MetricSpec> specs = {resource_spec("AverageValue"),
                                         resource_spec("AverageValue", "memory"),
                                         container_spec("AverageValue")};
  const auto asked = [&] {
    const Lines lines = api.http.lines();
    return std::count(lines.begin(), lines.end(), resource_line);
  };
  SECTION("it is there") {
    api.http.on(resource_line, 200, list({pod_usage("a", "1")}))
        .on(pods_line, 200, list({pod("a")}));
    CHECK(api.gather(specs).errors.empty());
    CHECK(asked() == 1);
  }
  SECTION("it is not") {
    api.http.on(resource_line, 403, status_object(403, "no"));
    CHECK(api.gather(specs).errors.size() == 3);
    CHECK(asked() == 1);
  }
}

TEST_CASE("KubernetesMetrics: a failed pod list is not tried again in the same run",
          "[kubernetes]") {
  MetricsScript api;
  api.http.on(queue_line, 200, list({value("1")})).on(pods_line, 403, status_object(403, "no"));

  CHECK(api.gather({external_spec("Value"), external_spec("Value")}).errors.size() == 2);
  const Lines lines = api.http.lines();
  CHECK(std::count(lines.begin(), lines.end(), pods_line) == 1);
}

TEST_CASE("KubernetesMetrics: an empty selector never means every pod", "[kubernetes]") {
  MetricsScript api;
  api.scale.selector = "";
  const std::string why =
      "the scale's status.selector is empty, which would mean every pod of namespace prod; give "
      "the target a selector";

  const KubernetesMetricsResult result = api.gather(
      {resource_spec("Utilization"), pods_spec(), object_spec("Value"), external_spec("Value")});

  CHECK(result.metrics.empty());
  CHECK(result.errors ==
        Lines{"failed to get resource metric: " + why, "failed to get pods metric: " + why,
              "failed to get object metric: unable to calculate ready pods: " + why,
              "failed to get external metric: unable to calculate ready pods: " + why});
  CHECK(api.http.requests().empty());

  api.http.on(queue_line, 200, list({value("1")}));
  api.gather_one(external_spec("AverageValue"));
}

TEST_CASE("KubernetesMetrics: names in paths are encoded", "[kubernetes]") {
  MetricsScript api;
  MetricSpec spec = external_spec("AverageValue");
  spec.external->metric.name = "a/../b?x=1";
  api.http.on("GET /apis/external.metrics.k8s.io/v1beta1/namespaces/prod/a%2F..%2Fb%3Fx%3D1", 200,
              list({value("1")}));

  CHECK_FALSE(api.gather_one(spec).empty());
}

}  // namespace
}  // namespace cpab
