#include "cpab/config/hpa_conversion.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "cpab/config/load.h"
#include "cpab/model/replaced.h"

using namespace cpab;
using Catch::Contains;

namespace {

const std::string manifest = R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
  namespace: prod
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: shop
  minReplicas: 2
  maxReplicas: 20
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 60
  - type: External
    external:
      metric:
        name: queue
        selector: {matchLabels: {queue: mail}}
      target: {type: AverageValue, averageValue: "30"}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 120
      policies:
      - type: Percent
        value: 10
        periodSeconds: 60
)";

Config loaded(const std::string& text) {
  return load_config_text(text, "config.yaml", {}, Slips::refuse).config;
}

std::string minimal(const std::string& version, const std::string& spec) {
  return "{\"apiVersion\": \"" + version +
         R"(", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": )"
         R"({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, )"
         R"("maxReplicas": 5)" +
         spec + "}}";
}

}  // namespace

TEST_CASE("convert: the configuration loads, and says what the manifest says", "[config]") {
  const Config config = loaded(config_of_hpa(manifest, ""));

  CHECK(config.target == ScaleTarget{"apps/v1", "Deployment", "shop", "prod"});
  CHECK(config.bounds == Bounds{2, 20});
  CHECK(config.interval == Duration(15'000));
  CHECK(config.run_mode == RunMode::per_resource);
  CHECK(config.metric->type == "kubernetes");
  CHECK(config.evaluated_as_hpa());
  REQUIRE(config.kubernetes_metric_specs->size() == 2);
  const auto& specs = *config.kubernetes_metric_specs;
  CHECK(specs[0].resource->target.average_utilization == 60);
  CHECK(specs[1].external->metric.selector->match_labels.front().second == "mail");
  CHECK(config.downscale_stabilization == std::chrono::seconds(120));
  CHECK(config.behavior->scale_up == Behavior{}.scale_up);
  CHECK(config.behavior->scale_down.policies ==
        std::vector<ScalingPolicy>{{ScalingPolicy::Type::percent, 10, std::chrono::seconds(60)}});
}

TEST_CASE("convert: what Kubernetes fills in is written down", "[config]") {
  const std::string text = config_of_hpa(minimal("autoscaling/v2", ""), "");
  CHECK_THAT(text, Contains("minReplicas: 1\nmaxReplicas: 5\n") &&
                       Contains("downscaleStabilization: 300"));
  const Config config = loaded(text);
  CHECK(config.target.namespace_name == "default");
  CHECK_FALSE(config.behavior);
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 80);
}

TEST_CASE("convert: the CPU target of autoscaling/v1", "[config]") {
  const Config config = loaded(
      config_of_hpa(minimal("autoscaling/v1", R"(, "targetCPUUtilizationPercentage": 55)"), ""));
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 55);
}

TEST_CASE("convert: a manifest without metadata is one for the default namespace", "[config]") {
  const std::string text = config_of_hpa(
      "{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, spec: {maxReplicas: 3, "
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}",
      "");
  CHECK(loaded(text).target.namespace_name == "default");
}

TEST_CASE("convert: one of several is chosen by name", "[config]") {
  const std::string both = manifest + "---\n" + minimal("autoscaling/v2", "");
  CHECK_THAT(config_of_hpa(both, "web"), Contains("maxReplicas: 5"));
  CHECK_THROWS_WITH(config_of_hpa(both, ""),
                    "there are several; choose one with --name NAMESPACE/NAME: prod/shop, "
                    "default/web");
  CHECK_THROWS_WITH(config_of_hpa(both, "x"),
                    "there is no HorizontalPodAutoscaler x, but: prod/shop, default/web");
  CHECK_THAT(config_of_hpa("{kind: List, items: [" + minimal("autoscaling/v2", "") + "]}", ""),
             Contains("HorizontalPodAutoscaler web does"));
}

TEST_CASE("convert: says what is wrong with a manifest", "[config]") {
  CHECK_THROWS_WITH(config_of_hpa("kind: Deployment", ""),
                    Contains("there is no HorizontalPodAutoscaler in the manifest"));
  CHECK_THROWS_WITH(config_of_hpa("&a {kind: List, items: [*a]}", ""),
                    Contains("an anchor contains itself"));
  CHECK_THROWS_WITH(config_of_hpa("a: [", ""), Contains("is neither YAML nor JSON"));
  CHECK_THROWS_WITH(config_of_hpa(std::string(500'001, '['), ""),
                    Contains("more than 500000 lines, commas and brackets"));
  CHECK_THROWS_WITH(config_of_hpa("", ""), Contains("there is no HorizontalPodAutoscaler"));
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2beta1", ""), ""),
                    Contains("write the manifest as autoscaling/v2"));
  CHECK_THROWS_WITH(
      config_of_hpa("{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2}", ""),
      Contains("the HorizontalPodAutoscaler has no spec (line 1)"));
  CHECK_THROWS_WITH(config_of_hpa("{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, "
                                  "metadata: {name: a}, spec: {maxReplicas: 3}}",
                                  ""),
                    "spec.scaleTargetRef is missing (line 1); say what is scaled");
}

TEST_CASE("convert: text in quotes stays text", "[config]") {
  std::string text = manifest;
  text.replace(text.find("name: shop\n  minReplicas"), 10, "name: \"1.10\"");
  text.replace(text.find("namespace: prod"), 15, "namespace: \"007\"");
  text.replace(text.find("queue: mail"), 11, "queue: \"yes\"");
  const Config config = loaded(config_of_hpa(text, ""));
  CHECK(config.target.name == "1.10");
  CHECK(config.target.namespace_name == "007");
  CHECK(
      (*config.kubernetes_metric_specs)[1].external->metric.selector->match_labels.front().second ==
      "yes");
}

TEST_CASE("convert: what is tagged as text stays text", "[config]") {
  std::string text = manifest;
  text.replace(text.find("name: shop\n  minReplicas"), 10, "name: !!str 1.10");
  CHECK_THAT(config_of_hpa(text, ""), Contains("\"1.10\""));
}

TEST_CASE("convert: a name stays in its line", "[config]") {
  std::string text = manifest;
  text.replace(text.find("name: shop"), 10, "name: \"a\\nmode: shadow\"");
  CHECK(loaded(config_of_hpa(text, "")).mode == Mode::active);
}

TEST_CASE("convert: refuses what it would get wrong", "[config]") {
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "metrics": 5)"), ""),
                    Contains("cannot unmarshal number 5 into spec.metrics of type array (line 1)"));
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "minReplicas": "2\nx: 1")"), ""),
                    Contains("cannot unmarshal string \"2\\nx: 1\" into spec.minReplicas"));
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "minReplicas": [2])"), ""),
                    Contains("cannot unmarshal array into spec.minReplicas"));
  const std::string annotated =
      R"({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": )"
      R"("web", "annotations": {"autoscaling.alpha.kubernetes.io/metrics": "[]"}}, "spec": )"
      R"({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, )"
      R"("maxReplicas": 5}})";
  CHECK_THROWS_WITH(config_of_hpa(annotated, ""), Contains("kubectl get hpa.v2.autoscaling"));
  const Config config = loaded(
      config_of_hpa(minimal("autoscaling/v1", R"(, "targetCPUUtilizationPercentage": null)"), ""));
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 80);
}

namespace {

/// What `convert` says about a manifest; empty when it converts.
std::string refusal(const std::string& text, const std::string& name = "") {
  try {
    config_of_hpa(text, name);
    return "";
  } catch (const ConversionError& error) {
    return error.what();
  }
}

/// `manifest` with one text in place of another.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = manifest;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("convert: what it does not know is refused by name and line", "[config]") {
  CHECK(refusal(changed("  behavior:", "  behaviour:")) ==
        "unknown key \"spec.behaviour\" (line 26); did you mean behavior?");
  CHECK(refusal(changed("  namespace: prod", "  namspace: prod")) ==
        "unknown key \"metadata.namspace\" (line 5); did you mean namespace?");
  CHECK(refusal(changed("spec:", "sepc: {}\nspec:")) ==
        "unknown key \"sepc\" (line 6); did you mean spec?");
  CHECK(refusal(changed("  minReplicas:", "  MinReplicas:")) ==
        "unknown key \"spec.MinReplicas\" (line 11); did you mean minReplicas?");
  CHECK(refusal(changed("averageUtilization:", "avergeUtilization:")) ==
        "unknown key \"spec.metrics[0].resource.target.avergeUtilization\" (line 19); did you mean "
        "averageUtilization?");
  CHECK(refusal(changed("periodSeconds:", "periodSecs:")) ==
        "unknown key \"spec.behavior.scaleDown.policies[0].periodSecs\" (line 32); did you mean "
        "periodSeconds?");
  CHECK(refusal(changed("    name: shop\n  minReplicas", "    nam: shop\n  minReplicas")) ==
        "spec.scaleTargetRef.name is missing (line 8); name the object to scale\n"
        "unknown key \"spec.scaleTargetRef.nam\" (line 10); did you mean name?");
}

TEST_CASE("convert: what another version has is refused by name", "[config]") {
  CHECK(refusal(changed("  minReplicas: 2", "  targetCPUUtilizationPercentage: 50")) ==
        "spec.targetCPUUtilizationPercentage is not of autoscaling/v2 (line 11); write a Resource "
        "metric in spec.metrics, with averageUtilization");
  CHECK(refusal(minimal("autoscaling/v1", R"(, "metrics": [], "behavior": {})")) ==
        "spec.behavior is not of autoscaling/v1 (line 1); get it whole with kubectl get "
        "hpa.v2.autoscaling NAME -o yaml\n"
        "spec.metrics is not of autoscaling/v1 (line 1); get it whole with kubectl get "
        "hpa.v2.autoscaling NAME -o yaml");
}

TEST_CASE("convert: a target needs its apiVersion", "[config]") {
  CHECK(
      refusal(changed("    apiVersion: apps/v1\n", "")) ==
      "spec.scaleTargetRef.apiVersion is missing (line 8); write apps/v1 for a Deployment, v1 for "
      "the core group");
}

TEST_CASE("convert: what would be dropped unseen is refused", "[config]") {
  CHECK(refusal(changed("  minReplicas: 2", "  maxReplicas: 3")) ==
        "key \"spec.maxReplicas\" is there twice (line 11 and line 12); keep one of them");
  CHECK(refusal(changed("averageUtilization: 60", "averageUtilization: 60\n        value: 5")) ==
        "spec.metrics[0] has several targets (line 14); keep the one of its type");
  CHECK(
      refusal(
          changed("  - type: Resource\n", "  - type: Resource\n    pods: {metric: {name: a}}\n"))
          .starts_with("spec.metrics[0] has several metrics (line 14); keep the one of its type"));
  CHECK(refusal(changed("  minReplicas: 2", "  minReplicas: 010")) ==
        "spec.minReplicas (line 11): YAML 1.1 reads 010 as the octal number 8; drop the leading "
        "zero if the decimal number was meant");
  CHECK(refusal(changed("namespace: prod", "namespace: 1.10")) ==
        "cannot unmarshal number 1.10 into metadata.namespace of type string (line 5); put it in "
        "quotes");
  CHECK(refusal(manifest + "...\nmore: 1\n") ==
        "what begins in line 34 stands behind the end of its document; put a line --- before it");
  CHECK_THAT(refusal(manifest + "---\nspec: {}\n"),
             Contains("what begins in line 34 is no object of Kubernetes: it has no kind"));
  CHECK(refusal("kind: List\nitems: []\nitems: []\n") ==
        "key \"items\" is there twice (line 2 and line 3); keep one of them");
  CHECK_THAT(refusal(manifest + "---\na: b: c\n"),
             Contains("in the document that begins in line 33: yaml: line 2"));
}

TEST_CASE("convert: one name in two namespaces", "[config]") {
  const std::string both = manifest + "---\n" + changed("namespace: prod", "namespace: dev");
  CHECK(
      refusal(both, "shop") ==
      "there are several called shop; choose one with --name NAMESPACE/NAME: prod/shop, dev/shop");
  CHECK(loaded(config_of_hpa(both, "dev/shop")).target.namespace_name == "dev");
  CHECK(loaded(config_of_hpa(both, "prod/shop")).target.namespace_name == "prod");
  CHECK(refusal(manifest + "---\n" + manifest, "shop") ==
        "HorizontalPodAutoscaler prod/shop is there twice (line 1 and line 34); keep one of them");
  CHECK_THAT(refusal(manifest + "---\n" + manifest), Contains("prod/shop is there twice"));
}

TEST_CASE("convert: what would not be valid is refused, not printed", "[config]") {
  CHECK_THAT(refusal(changed("  minReplicas: 2", "  minReplicas: 21")),
             Catch::StartsWith("what it would become is refused:\n") &&
                 Contains("minReplicas is 21, above maxReplicas, which is 20"));
  CHECK_THAT(refusal(changed("averageUtilization: 60", "averageUtilization: 0")),
             Contains("averageUtilization is missing or not above zero"));
  CHECK_THAT(refusal(changed("  maxReplicas: 20\n", "")), Contains("spec.maxReplicas is missing"));
}

/// As `kubectl get hpa -A -o yaml` prints them.
TEST_CASE("convert: a list of live objects", "[config]") {
  const auto item = [](const std::string& space) {
    return R"(- apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","spec":{"maxReplicas":9}}
    creationTimestamp: "2026-01-05T00:00:00Z"
    generation: 3
    labels:
      app.kubernetes.io/managed-by: Helm
    managedFields:
    - apiVersion: autoscaling/v2
      fieldsType: FieldsV1
      fieldsV1:
        f:metadata:
          f:annotations:
            .: {}
            k:{"uid":"7d"}: {}
        f:spec:
          f:maxReplicas: {}
      manager: helm
      operation: Update
      subresource: status
      time: "2026-01-05T00:00:00Z"
    name: shop
    namespace: )" +
           space +
           R"(
    ownerReferences:
    - {apiVersion: v1, kind: ConfigMap, name: a, uid: "1"}
    resourceVersion: "123"
    uid: 7d3a6b4e-0000-0000-0000-000000000000
  spec:
    behavior:
      scaleDown:
        policies:
        - periodSeconds: 60
          type: Percent
          value: 10
        selectPolicy: Max
        stabilizationWindowSeconds: 120
    maxReplicas: 20
    metrics:
    - resource:
        name: cpu
        target:
          averageUtilization: 60
          type: Utilization
      type: Resource
    minReplicas: 2
    scaleTargetRef:
      apiVersion: apps/v1
      kind: Deployment
      name: shop
  status:
    conditions:
    - lastTransitionTime: "2026-01-05T00:00:15Z"
      message: recommended size matches current size
      reason: ReadyForNewScale
      status: "True"
      type: AbleToScale
    currentMetrics: null
    currentReplicas: 0
    desiredReplicas: 0
)";
  };
  const std::string list = "apiVersion: v1\nitems:\n" + item("dev") + item("prod") +
                           "kind: List\nmetadata:\n  resourceVersion: \"\"\n";

  const std::string text = config_of_hpa(list, "prod/shop");

  CHECK_THAT(text, Contains(R"(scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
namespace: prod
minReplicas: 2
maxReplicas: 20
)"));
  CHECK_THAT(text, Catch::EndsWith(R"(kubernetesMetricSpecs:
- resource: {name: cpu, target: {averageUtilization: 60, type: Utilization}}
  type: Resource
behavior:
  scaleDown:
    policies:
    - {periodSeconds: 60, type: Percent, value: 10}
    selectPolicy: Max
    stabilizationWindowSeconds: 120
)"));
  CHECK(loaded(text).kubernetes_metric_specs->size() == 1);
}

namespace {

/// Numbers that look random, and are the same each time.
class Dice {
 public:
  int roll(int sides) {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<int>((state_ >> 16) % static_cast<unsigned>(sides));
  }

  const std::string& one_of(const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(roll(static_cast<int>(texts.size())))];
  }

 private:
  unsigned state_ = 7;
};

/// What a manifest may hold, mostly well.
std::string rolled_manifest(Dice& dice) {
  const auto number = [&] {
    return dice.one_of({"1", "2", "5", "30", "0", "-1", "007", "2.0", "x"});
  };
  const auto text = [&] {
    return dice.one_of({"shop", "\"1.10\"", "yes", "\"yes\"", "'a: b'", "\"a\\nb\"", "~", "a#b",
                        "\"#\"", "- x", "\"\\u00e9\"", "[a]", "\"\\x7f\"", "*a", "\"\""});
  };
  const auto name = [&] { return dice.roll(8) == 0 ? text() : std::string("shop"); };
  const auto target = [&] {
    return "{type: " + dice.one_of({"Utilization", "AverageValue", "Value"}) + ", " +
           dice.one_of({"averageUtilization: 50", "averageValue: 500m", "value: 1.50",
                        "averageValue: \"30\"", "value: 1e3", "averageUtilization: " + number()}) +
           "}";
  };
  const auto metric = [&] {
    const std::string identified = "{metric: {name: " + name() +
                                   ", selector: {matchLabels: {q: " + name() +
                                   "}}}, target: " + target();
    return dice.one_of({"{type: Resource, resource: {name: cpu, target: " + target() + "}}",
                        "{type: Pods, pods: " + identified + "}}",
                        "{type: External, external: " + identified + "}}",
                        "{type: Object, object: " + identified +
                            ", describedObject: {apiVersion: v1, kind: Service, name: a}}}",
                        "{type: ContainerResource, containerResource: {name: cpu, container: c, "
                        "target: " +
                            target() + "}}"});
  };
  const auto behavior = [&] {
    return "{" + dice.one_of({"scaleUp", "scaleDown"}) + ": {" +
           dice.one_of({"stabilizationWindowSeconds: " + number(), "selectPolicy: Disabled",
                        "policies: [{type: Pods, value: " + number() + ", periodSeconds: 60}]",
                        "tolerance: 0.1", "policies: null"}) +
           "}}";
  };
  std::string rolled = "apiVersion: autoscaling/" + dice.one_of({"v2", "v2", "v2beta2", "v1"}) +
                       "\nkind: HorizontalPodAutoscaler\nmetadata: {name: " + name() +
                       ", namespace: " + name() + "}\nspec:\n  scaleTargetRef: {apiVersion: " +
                       dice.one_of({"apps/v1", "apps/v1", "apps/v1", "v1", name()}) +
                       ", kind: Deployment, name: " + name() + "}\n  maxReplicas: 3" +
                       dice.one_of({"", "0"}) + "\n";
  if (dice.roll(2) == 0) rolled += "  minReplicas: " + number() + "\n";
  if (dice.roll(2) == 0) rolled += "  metrics: [" + metric() + ", " + metric() + "]\n";
  if (dice.roll(3) == 0) rolled += "  behavior: " + behavior() + "\n";
  if (dice.roll(6) == 0) rolled += "  targetCPUUtilizationPercentage: " + number() + "\n";
  return rolled;
}

/// The spec of a manifest as the keys of a configuration: what `convert` should come to.
Config with_keys_of(const std::string& hpa) {
  std::string text =
      "runMode: per-resource\nmetric: {type: kubernetes}\nevaluate: {type: hpa}\nparity: true\n";
  std::istringstream lines(hpa.substr(hpa.find("spec:\n") + 6));
  for (std::string line; std::getline(lines, line);) text += line.substr(2) + "\n";
  if (text.find("\nmetrics: ") != std::string::npos) {
    text = replaced(text, "\nmetrics: ", "\nkubernetesMetricSpecs: ");
  } else {
    text +=
        "kubernetesMetricSpecs: [{type: Resource, resource: {name: cpu, target: {type: "
        "Utilization, averageUtilization: 80}}}]\n";
  }
  return loaded(text);
}

}  // namespace

TEST_CASE("convert: what it prints passes `cpab validate`, always, and means the same",
          "[config]") {
  Dice dice;
  int converted = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string rolled = rolled_manifest(dice);
    INFO(rolled);
    std::string text;
    try {
      text = config_of_hpa(rolled, "");
    } catch (const ConversionError&) {
      continue;
    }
    INFO(text);
    ++converted;
    Config config;
    REQUIRE_NOTHROW(config = loaded(text));
    if (rolled.starts_with("apiVersion: autoscaling/v1")) continue;
    Config expected = with_keys_of(rolled);
    expected.target.namespace_name = config.target.namespace_name;  // in the metadata
    CHECK(config == expected);
  }
  CHECK(converted > 300);
}
