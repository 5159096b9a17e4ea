#include "cpab/config/secrets.h"

#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "cpab/config/document.h"
#include "cpab/config/effective.h"
#include "cpab/model/json_text.h"
#include "tests/config/config_text.h"

namespace cpab {
namespace {

/// Has a value of every kind in every object there is.
const std::string complete = R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
namespace: prod
metric:
  type: http
  timeout: 5000
  http:
    method: POST
    url: https://logic:8443/metric
    headers: {Accept: text/plain, X-Tenant: shop}
    successCodes: [200]
    parameterMode: body
    caCert: /ca.pem
evaluate: {type: shell, timeout: 1, shell: {entrypoint: sh, command: [-c, run], logStderr: true}}
preMetric: {type: hpa, hpa: {tolerance: 0.25}}
runMode: per-pod
interval: 1000
startTime: 1
minReplicas: 0
maxReplicas: 15
logVerbosity: 1
logFormat: json
decisionLog: /tmp/d.log
stateFile: /tmp/s
maxOutputBytes: 1024
parity: false
apiConfig: {enabled: true, port: 5000, host: "::", tokenFile: /t, allow: {runs: nobody}}
kubernetesMetricSpecs:
- {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
- type: External
  external:
    metric: {name: q, selector: {matchLabels: {a: b}, matchExpressions: [{key: k, operator: In, values: [x]}]}}
    target: {type: AverageValue, averageValue: 500m}
behavior: {scaleUp: {selectPolicy: Min, tolerance: 0.05, policies: [{type: Pods, value: 4, periodSeconds: 15}]}}
steps: {allowed: [1, 2, 4]}
events: true
mode: shadow
)";

/// Values that name things and places, and are no secrets where they stand.
const std::set<std::string> shown_places = {
    "apiVersion", "kind",         "name", "namespace", "entrypoint", "decisionLog", "stateFile",
    "tokenFile",  "clientCAFile", "host", "caCert",    "a",          "key",         "x"};

const std::vector<std::string> secrets = {
    "s3cr3t",         "hunter2",       "Bearer abc123def456", "ghp_16C7e42F292c6912E7710c83",
    "tok-4711-alpha", "p4ss:w0rd/x9?", "me:pa55w0rd@db",      "!t4gged-secret",
    "*4l1as-secret",  "&4nchor-secret"};

std::string json_of(const Node& node) {
  const auto joined = [](char open, const std::vector<std::string>& parts, char close) {
    std::string text(1, open);
    for (const std::string& part : parts) text += (text.size() > 1 ? "," : "") + part;
    return text + close;
  };
  std::vector<std::string> parts;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::string:
      return node.line == 0 ? node.text : json_quote(node.text);  // 0: planted as it is
    case Node::Kind::list:
      for (const Node& element : node.elements) parts.push_back(json_of(element));
      return joined('[', parts, ']');
    case Node::Kind::map:
      for (const Member& member : node.members) {
        parts.push_back(json_quote(member.key) + ": " + json_of(member.value));
      }
      return joined('{', parts, '}');
    case Node::Kind::boolean:
    case Node::Kind::integer:
    case Node::Kind::floating:
      break;
  }
  return node.text;
}

/// Calls `visit` with each value in the tree, which it may change, and the last key before it.
void each_value(Node& node, const std::string& key,
                const std::function<void(Node&, const std::string&)>& visit) {
  for (Member& member : node.members) each_value(member.value, member.key, visit);
  for (Node& element : node.elements) each_value(element, key, visit);
  visit(node, key);
}

struct Shown {
  std::vector<std::string> findings;  ///< complaints and warnings
  std::string effective;
};

Shown shown(const std::string& text, const Environment& environment = {}) {
  try {
    const LoadedConfig loaded = load_config_text(text, "c.yaml", environment);
    return {loaded.warnings, effective_config(loaded)};
  } catch (const ConfigError& error) {
    return {error.complaints, {}};
  }
}

void check_hidden(const Shown& shown, const std::string& secret, bool may_be_listed) {
  for (const std::string& text : shown.findings) {
    INFO(text);
    CHECK(text.find(secret) == std::string::npos);
  }
  if (may_be_listed) return;
  INFO(shown.effective);
  CHECK(shown.effective.find(secret) == std::string::npos);
}

/// `secret` in the place of each value in turn, as `planted` makes a node of it.
void plant_everywhere(const std::string& secret, const Node& planted, const std::string& before) {
  const Node original = parse_document(complete).root;
  Node tree = original;
  int places = 0;
  each_value(tree, "", [&](Node& node, const std::string& key) {
    const Node was = std::exchange(node, planted);
    INFO("at " << key << ": " << secret);
    check_hidden(shown(before + json_of(tree)), secret, shown_places.contains(key));
    node = was;
    ++places;
  });
  REQUIRE(places > 80);
  REQUIRE(json_of(tree) == json_of(original));
}

Node text_node(const std::string& text, int line) {
  Node node;
  node.kind = Node::Kind::string;
  node.text = text;
  node.line = line;
  return node;
}

TEST_CASE("secrets: a value in the wrong place is not quoted", "[config]") {
  REQUIRE(shown(complete).findings.size() == 1);  // hpa is for evaluate
  for (const std::string& secret : secrets) {
    plant_everywhere(secret, text_node(secret, 1), "");
    plant_everywhere(secret, text_node(secret, 1), "\n\n\n\n\n\n\n\n\n\n\n");  // as YAML
  }
}

TEST_CASE("secrets: nor what YAML makes of it without quotes", "[config]") {
  for (const std::string& secret : secrets) {
    const std::string core = secret.substr(secret.find_first_not_of("!*&"));
    plant_everywhere(core, text_node(secret, 0), "\n\n\n\n\n\n\n\n\n\n\n");
  }
}

TEST_CASE("secrets: nor in the place of a key", "[config]") {
  for (const std::string& secret : secrets) {
    Node tree = parse_document(complete).root;
    each_value(tree, "", [&](Node& node, const std::string& key) {
      for (Member& member : node.members) {
        const std::string was = std::exchange(member.key, secret);
        INFO("key " << was << " at " << key);
        check_hidden(shown(json_of(tree)), secret, key == "matchLabels" || key == "headers");
        member.key = was;
      }
    });
  }
}

TEST_CASE("secrets: nor in the environment", "[config]") {
  for (const std::string& secret : secrets) {
    for (const char* name :
         {"interval", "minReplicas", "runMode", "metric", "apiConfig", "scaleTargetRef", "preScale",
          "kubernetesMetricSpecs", "CPAB_MODE", "CPAB_BEHAVIOR", "CPAB_STEPS", "CPAB_EVENTS",
          "CPAB_LOG_FORMAT", "CPAB_PARITY", "CPAB_MAX_OUTPUT_BYTES", "CPAB_MOD"}) {
      INFO(name << ": " << secret);
      check_hidden(shown(with_required_keys(), {{name, secret}}), secret, false);
    }
  }
}

TEST_CASE("secrets: those of methods are in no listing, and taken out of texts", "[config]") {
  const LoadedConfig loaded = cpab::loaded(
      "preMetric: {type: http, timeout: 5, http: {url: 'HTTPS://me:geheim1@h/?a=geheim2#geheim3', "
      "headers: {Authorization: Bearer geheim4, X-Api-Key: geheim5, Accept: a/b}, method: GET, "
      "successCodes: [200], parameterMode: body}}\n"
      "postScale: {type: shell, timeout: 5, shell: {entrypoint: run, command: [--token, geheim6, "
      "-pgeheim7, 'me:geheim8@db', TOKEN=geheim9, --interval, '5']}}\n");
  const std::string listing = effective_config(loaded);
  CHECK(listing.find("geheim") == std::string::npos);
  CHECK_THAT(
      listing,
      Catch::Contains(R"(["--token", "***", "-p***", "***@db", "TOKEN=***", "--interval", "5"])"));

  const Redaction redacted = redaction_of(loaded.config);
  for (const char digit : std::string("12456789")) {
    CHECK(redacted(std::string("got geheim") + digit) == "got ***");
  }
  CHECK(redacted("a/b 5 --interval run") == "a/b 5 --interval run");
}

}  // namespace
}  // namespace cpab
