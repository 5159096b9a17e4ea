#pragma once

#include <string>
#include <vector>

#include "cpab/io/manual_clock.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/rest_cluster.h"
#include "cpab/kubernetes/token_source.h"
#include "tests/fakes/scripted_http_client.h"

namespace cpab {

/// A client of a scripted API server on a manual clock: whoever waits makes the time pass.
struct ApiServerScript {
  ManualClock clock;
  ScriptedHttpClient http;
  TokenSource token{"secret-token"};
  RestClient rest{
      http, token, clock, {"https://api", std::chrono::seconds(10), {}, [] { return 0.5; }}};
  Discovery discovery{rest, clock};
  RestCluster cluster{rest, discovery};

  Budget within(Duration time) { return {clock.now() + time, {}}; }
  Budget minute() { return within(std::chrono::minutes(1)); }
};

/// The Status object of a refusal; with `name` it is about that object.
inline std::string status_object(int code, const std::string& message,
                                 const std::string& name = "") {
  const std::string details = name.empty() ? "{}" : R"({"name":")" + name + R"("})";
  return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")" +
         message + R"(","details":)" + details + R"(,"code":)" + std::to_string(code) + "}\n";
}

inline constexpr const char* apps_line = "GET /apis/apps/v1?timeout=32s";

inline constexpr const char* apps_resources = R"({"kind":"APIResourceList","apiVersion":"v1",
  "groupVersion":"apps/v1","resources":[
  {"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment"},
  {"name":"deployments/scale","namespaced":true,"group":"autoscaling","version":"v1",
   "kind":"Scale"},
  {"name":"statefulsets","singularName":"statefulset","namespaced":true,"kind":"StatefulSet"}]})";

}  // namespace cpab
