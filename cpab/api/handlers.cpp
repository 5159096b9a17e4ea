#include "cpab/api/handlers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <limits>

#include "cpab/api/query.h"
#include "cpab/model/json_text.h"
#include "cpab/pipeline/stage_input.h"

namespace cpab {
namespace {

/// Whoever asks for readiness in a loop does not load the API server.
constexpr Duration shortest_probe_pause{1'000};

ServerResponse json_response(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  response.body = std::move(body);
  return response;
}

/// `{"message":…,"code":…}`, with further members behind when there are any.
ServerResponse error_response(int status, std::string_view message,
                              const std::string& further = {}) {
  ServerResponse response =
      json_response(status, "{\"message\":" + json_quote(message) +
                                ",\"code\":" + std::to_string(status) + further + "}");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

ServerResponse plain_response(int status, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = std::move(body);
  return response;
}

bool is_api_path(std::string_view path) {
  constexpr std::string_view root = "/api/v1";
  return path.substr(0, root.size()) == root &&
         (path.size() == root.size() || path[root.size()] == '/');
}

bool is_known_verb(std::string_view method) {
  static constexpr std::array<std::string_view, 9> verbs = {
      "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"};
  return std::find(verbs.begin(), verbs.end(), method) != verbs.end();
}

std::string decision_member(const DecisionRecord& record) {
  return ",\"decision\":" + to_json(record);
}

/// `{"targetReplicas":5}` with further members behind it.
ServerResponse evaluation_response(const Evaluation& evaluation, const std::string& further) {
  std::string body = to_json(evaluation);
  body.insert(body.size() - 1, further);
  return json_response(200, std::move(body));
}

std::uint64_t number_parameter(const Query& query, const char* name, std::uint64_t fallback,
                               std::uint64_t highest) {
  const std::optional<std::string> text = query.find(name);
  if (!text || text->empty()) return fallback;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value > highest) {
    throw QueryError("Invalid format for '" + std::string(name) + "' query parameter; '" + *text +
                     "' is not a whole number up to " + std::to_string(highest));
  }
  return value;
}

std::optional<WallTime> parse_rfc3339(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  int milliseconds = 0;
  if (*rest == '.') {
    int scale = 100;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) {
      milliseconds += (*rest - '0') * scale;
    }
  }
  if (std::string_view(rest) != "Z") return std::nullopt;
  return WallTime(std::chrono::seconds(timegm(&parts)) + Duration(milliseconds));
}

/// `since` is an id (records after it) or a time (records from it on).
void read_since(const Query& query, DecisionQuery& wanted) {
  const std::string since = query.find("since").value_or("");
  if (since.empty()) return;
  wanted.since = parse_rfc3339(since);
  if (wanted.since) return;
  if (since.find_first_not_of("0123456789") != std::string::npos) {
    throw QueryError("Invalid format for 'since' query parameter; '" + since +
                     "' is neither a decision id nor a time such as 2026-01-31T14:05:30Z");
  }
  wanted.after_id = number_parameter(query, "since", 0, std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

struct Handlers::Route {
  std::string_view path;
  std::string_view method;
  ServerResponse (Handlers::*handle)(const ServerRequest&);
};

const Handlers::Route* Handlers::find_route(std::string_view path) {
  static constexpr std::array<Route, 6> routes = {{
      {"/api/v1/metrics", "GET", &Handlers::metrics},
      {"/api/v1/evaluation", "POST", &Handlers::evaluation},
      {"/api/v1/decisions", "GET", &Handlers::decisions},
      {"/api/v1/decisions/last", "GET", &Handlers::last_decision},
      {"/healthz", "GET", &Handlers::health},
      {"/readyz", "GET", &Handlers::readiness},
  }};
  const auto found = std::find_if(routes.begin(), routes.end(),
                                  [path](const Route& route) { return route.path == path; });
  return found == routes.end() ? nullptr : found;
}

ServerResponse Handlers::handle(const ServerRequest& request) {
  if (!is_known_verb(request.method)) return plain_response(405, "");
  const std::string_view path = request.path();
  const std::string shown = percent_decoded(path, false).value_or(std::string(path));
  const Route* route = find_route(path);
  if (route == nullptr) {
    return is_api_path(path) ? error_response(404, "Resource '" + shown + "' not found")
                             : plain_response(404, "404 page not found\n");
  }
  if (request.method != route->method) {
    return error_response(
        405, "Method '" + request.method + "' not allowed on resource '" + shown + "'");
  }
  try {
    return (this->*route->handle)(request);
  } catch (const QueryError& error) {
    return error_response(400, error.what());
  } catch (const std::exception& error) {
    return error_response(500, error.what());
  }
}

ServerResponse Handlers::metrics(const ServerRequest& request) {
  const bool dry_run = Query(request.query()).flag("dry_run");
  const RunType type = dry_run ? RunType::api_dry_run : RunType::api;
  return json_response(200, metrics_json(parts_.cycle.gather(type, request.stop)));
}

ServerResponse Handlers::evaluation(const ServerRequest& request) {
  const Query query(request.query());
  const bool dry_run = query.flag("dry_run");
  const bool explain = query.flag("explain");
  const CycleResult result =
      dry_run ? parts_.cycle.dry_run(request.stop) : parts_.cycle.run(RunType::api, request.stop);
  const std::string further = explain ? decision_member(result.record) : "";
  if (result.record.failure) return error_response(500, result.record.failure->message, further);
  if (dry_run) return evaluation_response({result.evaluation->target_replicas, {}}, further);
  return evaluation_response({result.record.desired_replicas, {}}, further);
}

ServerResponse Handlers::decisions(const ServerRequest& request) {
  const Query query(request.query());
  DecisionQuery wanted;
  wanted.limit = number_parameter(query, "limit", wanted.limit, DecisionLog::capacity);
  wanted.changed_only = query.flag("changed");
  read_since(query, wanted);
  std::string body = "[";
  for (const std::string& record : parts_.log.find(wanted)) {
    if (body.size() > 1) body += ',';
    body += record;
  }
  return json_response(200, body + "]");
}

ServerResponse Handlers::last_decision(const ServerRequest&) {
  std::optional<std::string> record = parts_.log.last();
  if (!record) return error_response(404, "No decision has been made yet");
  return json_response(200, std::move(*record));
}

ServerResponse Handlers::health(const ServerRequest&) {
  if (parts_.heartbeat.healthy(parts_.clock.now())) return json_response(200, R"({"status":"ok"})");
  return json_response(503, R"({"status":"wedged","message":"the autoscaling loop has not been )"
                            R"(heard of for longer than any stage may take"})");
}

ServerResponse Handlers::readiness(const ServerRequest& request) {
  const std::optional<std::string> missing =
      parts_.cycle.target_seen() ? std::nullopt : probe_target(request.stop);
  if (!missing) return json_response(200, R"({"status":"ok"})");
  return json_response(503, "{\"status\":\"not ready\",\"message\":" + json_quote(*missing) + "}");
}

std::optional<std::string> Handlers::probe_target(std::stop_token stop) {
  const std::lock_guard lock(probe_mutex_);
  if (parts_.clock.now() < next_probe_) return probe_failure_;
  try {
    parts_.cycle.probe(std::move(stop));
    probe_failure_.reset();
  } catch (const StageError& error) {
    probe_failure_ = error.log_message();
  }
  next_probe_ = parts_.clock.now() + shortest_probe_pause;
  return probe_failure_;
}

}  // namespace cpab
