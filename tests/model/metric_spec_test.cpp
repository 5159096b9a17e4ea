#include "cpab/model/metric_spec.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

TEST_CASE("metric spec to_json: a resource with a bare target type", "[model][contract-50]") {
  MetricSpec spec;
  spec.type = "Resource";
  spec.resource = {"cpu", {"Utilization", {}, {}, {}}};

  CHECK(to_json(spec) ==
        R"({"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}})");
}

TEST_CASE("metric spec to_json: every part of a target", "[model]") {
  MetricSpec spec;
  spec.type = "Resource";
  spec.resource = {"memory", {"AverageValue", "1k", "500m", 50}};

  CHECK(to_json(spec) ==
        R"({"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue",)"
        R"("value":"1k","averageValue":"500m","averageUtilization":50}}})");
}

TEST_CASE("metric spec to_json: selectors are echoed", "[model]") {
  LabelSelector selector;
  selector.match_labels = {{"app", "shop"}, {"queue", "a\"b"}};
  selector.match_expressions = {{"tier", "In", {"x", "y"}}, {"canary", "DoesNotExist", {}}};
  MetricSpec spec;
  spec.type = "External";
  spec.external = {{"depth", selector}, {"Value", "30", {}, {}}};

  CHECK(to_json(spec) ==
        R"({"type":"External","external":{"metric":{"name":"depth","selector":{"matchLabels":)"
        R"({"app":"shop","queue":"a\"b"},"matchExpressions":[{"key":"tier","operator":"In",)"
        R"("values":["x","y"]},{"key":"canary","operator":"DoesNotExist"}]}},)"
        R"("target":{"type":"Value","value":"30"}}})");
}

TEST_CASE("metric spec to_json: an empty selector is an empty object", "[model]") {
  MetricSpec spec;
  spec.type = "Pods";
  spec.pods = {{"pps", LabelSelector{}}, {"AverageValue", {}, "1500m", {}}};

  CHECK(to_json(spec) == R"({"type":"Pods","pods":{"metric":{"name":"pps","selector":{}},)"
                         R"("target":{"type":"AverageValue","averageValue":"1500m"}}})");
}

TEST_CASE("metric spec to_json: an object reference is kind, name, apiVersion", "[model]") {
  MetricSpec spec;
  spec.type = "Object";
  spec.object = {{"Deployment", "web", "apps/v1"}, {"Value", "10k", {}, {}}, {"queue-length", {}}};

  CHECK(to_json(spec) ==
        R"({"type":"Object","object":{"describedObject":{"kind":"Deployment","name":"web",)"
        R"("apiVersion":"apps/v1"},"target":{"type":"Value","value":"10k"},)"
        R"("metric":{"name":"queue-length"}}})");

  spec.object->described_object.api_version.clear();
  CHECK(to_json(spec).find("apiVersion") == std::string::npos);
}

TEST_CASE("metric spec to_json: a container resource", "[model]") {
  MetricSpec spec;
  spec.type = "ContainerResource";
  spec.container_resource = {"cpu", "app", {"Utilization", {}, {}, 60}};

  CHECK(to_json(spec) ==
        R"({"type":"ContainerResource","containerResource":{"name":"cpu","target":)"
        R"({"type":"Utilization","averageUtilization":60},"container":"app"}})");
}

}  // namespace
}  // namespace cpab
