#include "cpab/kubernetes/metric_lists.h"

#include <catch2/catch.hpp>
#include <limits>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

const Instant noon = *parse_instant("2024-01-01T12:00:00Z");
const Instant later = *parse_instant("2024-01-01T12:00:30.5Z");

std::string pod_metrics(const std::string& fields) {
  return R"({"items":[{"metadata":{"name":"a"},"timestamp":"2024-01-01T12:00:00Z",)" + fields +
         "}]}";
}

std::int64_t cpu_of_a(const std::string& containers) {
  return parse_resource_metrics(pod_metrics(R"("containers":)" + containers), "cpu")
      .pods.at("a")
      .value;
}

TEST_CASE("parse_resource_metrics: sums the containers of each pod", "[kubernetes]") {
  const PodReadings readings = parse_resource_metrics(R"({"items":[
    {"metadata":{"name":"a"},"timestamp":"2024-01-01T12:00:00Z","window":"30s","containers":[
      {"usage":{"cpu":"150m","memory":"1Mi"}},{"usage":{"cpu":"1","memory":"1Mi"}}]},
    {"metadata":{"name":"b"},"timestamp":"2024-01-01T12:00:30.5Z","window":"1m0s","containers":[
      {"usage":{"cpu":2}}]}]})",
                                                      "cpu");

  const PodReadings expected{{{"a", {noon, seconds(30), 1150}}, {"b", {later, seconds(60), 2000}}},
                             noon};
  CHECK(readings == expected);
}

TEST_CASE("parse_resource_metrics: rounds each container away from zero",
          "[kubernetes][contract-53]") {
  CHECK(cpu_of_a(R"([{"usage":{"cpu":"123456789n"}}])") == 124);
  CHECK(cpu_of_a(R"([{"usage":{"cpu":"1n"}},{"usage":{"cpu":"2m"}}])") == 3);
  CHECK(cpu_of_a(R"([{"usage":{"cpu":"1Mi"}}])") == 1'048'576'000);
}

TEST_CASE("parse_resource_metrics: sums do not wrap around", "[kubernetes]") {
  CHECK(cpu_of_a(R"([{"usage":{"cpu":"9E"}},{"usage":{"cpu":"9E"}}])") ==
        std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("parse_resource_metrics: a pod lacking the resource in part has no metric",
          "[kubernetes]") {
  const std::string containers =
      GENERATE(as<std::string>(), "[]", "null", R"([{"usage":{"cpu":"1"}},{"usage":{}}])",
               R"([{"usage":{"cpu":"1"}},{}])", R"([{"usage":{"memory":"1"}}])");

  CHECK(parse_resource_metrics(pod_metrics(R"("containers":)" + containers), "cpu") ==
        PodReadings{{}, noon});
}

TEST_CASE("parse_resource_metrics: what nobody can use is not measured", "[kubernetes]") {
  const std::string usage = GENERATE(as<std::string>(), "null", R"("-1")", R"("-1500u")", "-2",
                                     R"("-9223372036854775808m")", R"("-9E")");
  CAPTURE(usage);

  const std::string containers =
      R"([{"usage":{"cpu":"1"}},{"name":"x","usage":{"cpu":)" + usage + "}}]";
  CHECK(parse_resource_metrics(pod_metrics(R"("containers":)" + containers), "cpu") ==
        PodReadings{{}, noon});
  CHECK(parse_resource_metrics(pod_metrics(R"("containers":)" + containers), "cpu", "x") ==
        PodReadings{{}, noon});
  CHECK(cpu_of_a(R"([{"usage":{"cpu":"0"}}])") == 0);
}

TEST_CASE("parse_resource_metrics: an item without a name is about no pod", "[kubernetes]") {
  const std::string metadata =
      GENERATE(as<std::string>(), R"("metadata":{},)", R"("metadata":{"name":null},)", "");
  CHECK(parse_resource_metrics(
            R"({"items":[{)" + metadata + R"("containers":[{"usage":{"cpu":"1"}}]}]})", "cpu")
            .pods.empty());
}

TEST_CASE("parse_resource_metrics: times and windows may be absent", "[kubernetes]") {
  const PodReadings readings = parse_resource_metrics(
      R"({"items":[{"metadata":{"name":"a"},"containers":[{"usage":{"cpu":"1"}}]}]})", "cpu");

  CHECK(readings == PodReadings{{{"a", {Instant(), nanoseconds(0), 1000}}}, Instant()});
}

TEST_CASE("parse_resource_metrics: errors", "[kubernetes][contract-54]") {
  CHECK_THROWS_WITH(parse_resource_metrics(R"({"items":[]})", "cpu"),
                    "no metrics returned from resource metrics API");
  CHECK_THROWS_WITH(parse_resource_metrics("{}", "cpu"),
                    "no metrics returned from resource metrics API");
  CHECK_THROWS_WITH(parse_resource_metrics(pod_metrics(R"("window":30)"), "cpu"),
                    R"(field 'window' is "30", not a string)");
  CHECK_THROWS_WITH(parse_resource_metrics(pod_metrics(R"("window":"30")"), "cpu"),
                    R"(field 'window' is "30", not a duration such as 30s)");
  CHECK_THROWS_WITH(
      parse_resource_metrics(pod_metrics(R"("containers":[{"usage":{"cpu":"lots"}}])"), "cpu"),
      R"(field 'cpu' is "\"lots\"", not a quantity)");
  CHECK_THROWS_WITH(parse_resource_metrics(R"({"items":[{"timestamp":"now"}]})", "cpu"),
                    R"(field 'timestamp' is "now", not a time such as 2024-01-01T00:00:00Z)");
  for (const char* body : {"[]", R"({"items":{}})", R"({"items":[1]})",
                           R"({"items":[{"containers":[1]}]})", R"({"items":[{"metadata":1}]})"}) {
    CAPTURE(body);
    CHECK_THROWS_AS(parse_resource_metrics(body, "cpu"), KubernetesError);
  }
  CHECK_THROWS_AS(parse_resource_metrics("{\"items\":[", "cpu"), JsonError);
}

TEST_CASE("parse_pods_metrics: windows of both versions, 60 s by default", "[kubernetes]") {
  const PodReadings readings = parse_pods_metrics(R"({"items":[
    {"describedObject":{"name":"a"},"timestamp":"2024-01-01T12:00:00Z","value":"1500m"},
    {"describedObject":{"name":"b"},"timestamp":"2024-01-01T12:00:30.5Z","windowSeconds":30,
     "value":"2k"},
    {"describedObject":{"name":"c"},"window":0,"value":"1"},
    {"describedObject":{"name":"d"},"windowSeconds":99999999999999999,"value":0}]})");

  const PodReadings expected{{{"a", {noon, seconds(60), 1500}},
                              {"b", {later, seconds(30), 2'000'000}},
                              {"c", {Instant(), seconds(0), 1000}},
                              {"d", {Instant(), seconds(9'223'372'036), 0}}},
                             noon};
  CHECK(readings == expected);
  CHECK_THROWS_WITH(parse_pods_metrics(R"({"items":null})"),
                    "no metrics returned from custom metrics API");
  CHECK_THROWS_AS(parse_pods_metrics(R"({"items":[{"windowSeconds":"60"}]})"), KubernetesError);
}

/// What an item says instead of a number, and how a message puts it.
const std::vector<std::pair<std::string, std::string>> no_numbers = {
    {"", " has no value"},
    {R"("value":null)", " has the value \"null\", which is no measurement"},
    {R"("value":"-9223372036854775808m")",
     " has the value \"-9223372036854775808m\", which is no measurement"},
    {R"("value":"-1e30")", " has the value \"-1e30\", which is no measurement"}};

TEST_CASE("parse_pods_metrics: what is no number is not there", "[kubernetes]") {
  for (const auto& [member, words] : no_numbers) {
    CAPTURE(member);
    const std::string comma = member.empty() ? "" : ",";
    CHECK(parse_pods_metrics(R"({"items":[{"describedObject":{"name":"a"})" + comma + member +
                             R"(},{"describedObject":{"name":"b"},"value":"-2"}]})")
              .pods == PodMetrics{{"b", {Instant(), seconds(60), -2000}}});
  }
  CHECK(parse_pods_metrics(R"({"items":[{},{"value":"1"},{"describedObject":{},"value":"1"}]})")
            .pods.empty());
  CHECK_THROWS_AS(
      parse_pods_metrics(R"({"items":[{"describedObject":{"name":"a"},"value":"lots"}]})"),
      KubernetesError);
}

TEST_CASE("parse_object_metric: what is no number is an error", "[kubernetes]") {
  for (const auto& [member, words] : no_numbers) {
    CAPTURE(member);
    CHECK_THROWS_WITH(parse_object_metric("{\"items\":[{" + member + "}]}"),
                      "the one result" + words);
  }
  CHECK_THROWS_AS(parse_object_metric(R"({"items":[{"value":{}}]})"), KubernetesError);
}

TEST_CASE("parse_external_metric: one series without a number spoils the sum", "[kubernetes]") {
  for (const auto& [member, words] : no_numbers) {
    CAPTURE(member);
    CHECK_THROWS_WITH(
        parse_external_metric(R"({"items":[{"value":"5"},{)" + member + R"(},{"value":"1"}]})"),
        "result 2 of 3" + words);
  }
}

TEST_CASE("parse_object_metric: exactly one value", "[kubernetes][contract-55]") {
  CHECK(
      parse_object_metric(R"({"items":[{"timestamp":"2024-01-01T12:00:00Z","value":"2500m"}]})") ==
      Reading{2500, noon, noon});
  CHECK_THROWS_WITH(parse_object_metric(R"({"items":[{},{}]})"),
                    "the custom metrics API server returned 2 results when we asked for exactly "
                    "one");
  CHECK_THROWS_WITH(parse_object_metric(R"({"items":[]})"),
                    "the custom metrics API server returned 0 results when we asked for exactly "
                    "one");
}

TEST_CASE("parse_external_metric: sums all series", "[kubernetes][contract-55]") {
  CHECK(parse_external_metric(R"({"items":[
          {"timestamp":"2024-01-01T12:00:30.5Z","value":"2"},
          {"timestamp":"2024-01-01T12:00:00Z","value":"1500m"}]})") == Reading{3500, later, noon});
  CHECK_THROWS_WITH(parse_external_metric("{}"), "no metrics returned from external metrics API");
}

}  // namespace
}  // namespace cpab
