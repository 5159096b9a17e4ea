#include "cpab/api/handlers.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "cpab/api/answers.h"
#include "cpab/api/decision_routes.h"
#include "cpab/api/mode_routes.h"
#include "cpab/api/override_routes.h"
#include "cpab/api/query.h"
#include "cpab/api/ui_routes.h"
#include "cpab/config/secrets.h"
#include "cpab/model/json_text.h"
#include "cpab/model/percent.h"
#include "cpab/model/printable.h"
#include "cpab/pipeline/stage_input.h"

namespace cpab {
namespace {

/// Without memory it is not the request that is wrong, nor user logic: it may work later.
ServerResponse failed_stage(std::string_view reason, std::string_view message,
                            const std::string& further = {}) {
  return error_response(reason == "memory" ? 503 : 500, message, further);
}

ServerResponse denied(const AccessDenial& denial) {
  ServerResponse response = error_response(denial.status, denial.message);
  if (!denial.challenge.empty()) {
    response.headers.emplace_back("WWW-Authenticate", denial.challenge);
  }
  return response;
}

ServerResponse too_many_cycles(std::size_t most) {
  ServerResponse response = error_response(
      429, "Too many requests that run user logic: " + std::to_string(most) +
               " are under way, the most that apiConfig.maxConcurrentCycles allows, and " +
               std::to_string(max_waiting_cycles) + " wait for their turn; try again");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// What `work` answers, or the answer to why it does not.
template <class Function>
ServerResponse answer_or_error(const Redaction& redaction, const Function& work) {
  try {
    return work();
  } catch (const QueryError& error) {
    return error_response(400, error.what());
  } catch (const StageError& error) {
    return failed_stage(error.reason, redaction(error.what()));
  } catch (const std::bad_alloc& error) {
    return failed_stage("memory", error.what());
  } catch (const std::exception& error) {
    return error_response(500, redaction(error.what()));
  }
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

}  // namespace

struct Handlers::Route {
  std::string_view path;
  std::string_view method;
  Purpose purpose;  // one that may scale is a dry run where the query says so
  ServerResponse (Handlers::*handle)(const ServerRequest&);
  std::span<const std::string_view> parameters{};  // of the query; there may be no others
};

Handlers::Handlers(ApiParts parts, const Config& config)
    : parts_(parts),
      redaction_(redaction_of(config)),
      access_(config.api, parts.clock),
      max_concurrent_cycles_(static_cast<std::size_t>(config.api.max_concurrent_cycles)),
      status_(config, parts.clock.wall_now()),
      target_probe_(parts.cycle, parts.clock) {}

/// The route itself, or one of another method where the path has none of this; null without any.
const Handlers::Route* Handlers::find_route(std::string_view path, std::string_view method) {
  static constexpr std::array<std::string_view, 1> dry = {"dry_run"};
  static constexpr std::array<std::string_view, 2> run = {"dry_run", "explain"};
  static constexpr std::array<std::string_view, 3> filters = {"limit", "since", "changed"};
  static constexpr std::array<Route, 13> routes = {{
      {"/api/v1/status", "GET", Purpose::read, &Handlers::status},
      {"/api/v1/metrics", "GET", Purpose::dry_run, &Handlers::metrics, dry},
      {"/api/v1/evaluation", "POST", Purpose::run, &Handlers::evaluation, run},
      {"/api/v1/decisions", "GET", Purpose::read, &Handlers::decisions, filters},
      {"/api/v1/decisions/last", "GET", Purpose::read, &Handlers::last_decision},
      {"/api/v1/override", "GET", Purpose::read, &Handlers::get_override},
      {"/api/v1/override", "PUT", Purpose::change, &Handlers::put_override, dry},
      {"/api/v1/override", "DELETE", Purpose::change, &Handlers::delete_override, dry},
      {"/metrics", "GET", Purpose::read, &Handlers::prometheus},
      {"/api/v1/mode", "GET", Purpose::read, &Handlers::get_mode},
      {"/api/v1/mode", "PUT", Purpose::change, &Handlers::put_mode, dry},
      {"/healthz", "GET", Purpose::health, &Handlers::health},
      {"/readyz", "GET", Purpose::health, &Handlers::readiness},
  }};
  const Route* other_method = nullptr;
  for (const Route& route : routes) {
    if (route.path != path) continue;
    if (route.method == method) return &route;
    other_method = &route;
  }
  return other_method;
}

ServerResponse Handlers::handle(const ServerRequest& request) {
  ServerResponse response = answer(request);
  restrict_browsers(response);
  return response;
}

ServerResponse Handlers::answer(const ServerRequest& request) {
  if (!is_known_verb(request.method)) return plain_response(405, "");
  if (auto page = ui_response(request)) return std::move(*page);
  const std::string_view path = request.path();
  const std::string shown = percent_decoded(path, false).value_or(std::string(path));
  const Route* route = find_route(path, request.method);
  if (route == nullptr) {
    return is_api_path(path) ? error_response(404, "Resource '" + shown + "' not found")
                             : plain_response(404, "404 page not found\n");
  }
  if (request.method != route->method) {
    return error_response(
        405, "Method '" + request.method + "' not allowed on resource '" + shown + "'");
  }
  return answer_or_error(redaction_, [&] { return counted(perform(*route, request)); });
}

/// The answer, which takes of what cycles over the API share as long as it is being sent: many slow
/// clients must not add up. Small ones are never refused.
ServerResponse Handlers::counted(ServerResponse response) const {
  constexpr std::size_t small = 64u << 10;
  if (response.memory || response.body.size() <= small) return response;
  auto memory = std::make_shared<MemoryShare>(
      std::make_shared<MemoryAccount>(parts_.cycle.api_pool()), "the answer");
  memory->grow(response.body.size());
  response.memory = std::move(memory);
  return response;
}

/// Nothing of the user's runs before it is clear that it may.
ServerResponse Handlers::perform(const Route& route, const ServerRequest& request) {
  const Query query(request.query());
  query.allow_only(route.parameters);
  const bool dry_run = route.purpose == Purpose::run && query.flag("dry_run");
  const Purpose purpose = dry_run ? Purpose::dry_run : route.purpose;
  if (const auto denial = access_.denial(purpose, request)) return denied(*denial);
  return (this->*route.handle)(request);
}

/// Work that runs user logic, of which there must not be too much at the same time.
ServerResponse Handlers::in_turn(std::function<ServerResponse()> work) const {
  ServerResponse response;
  response.in_turn = [this, most = max_concurrent_cycles_, work = std::move(work)](Turn turn) {
    ServerResponse answer;
    switch (turn) {
      case Turn::begun:
        answer = answer_or_error(redaction_, [&] { return counted(work()); });
        break;
      case Turn::queue_full:
        answer = too_many_cycles(most);
        break;
      case Turn::stopping:
        answer = error_response(503, "cpab is stopping, and has not begun with this");
        break;
    }
    restrict_browsers(answer);
    return answer;
  };
  return response;
}

ServerResponse Handlers::status(const ServerRequest& request) {
  const auto page_denied = access_.denial_of_page(Purpose::run, request);
  const auto may = [&](Purpose purpose) { return !access_.denial(purpose, request); };
  CycleMemory& memory = parts_.cycle.memory();
  const TimePoint now = parts_.clock.now();
  return json_response(
      200, status_.json(
               {.now = parts_.clock.wall_now(),
                .next_cycle = parts_.heartbeat.next_cycle(now, parts_.clock.wall_now()),
                .last_decision = parts_.log.last_id(),
                .healthy = parts_.heartbeat.healthy(now),
                .ready = parts_.cycle.target_seen(),
                .mode = memory.mode(),
                .manual = memory.manual(),
                .survives_restart = memory.survives_restart(),
                .may_run_dry = may(Purpose::dry_run),
                .may_run = may(Purpose::run),
                .authentication_helps = access_.authentication_helps(request),
                .page_denied = page_denied ? std::optional(page_denied->message) : std::nullopt}));
}

ServerResponse Handlers::metrics(const ServerRequest& request) {
  const Query query(request.query());
  // The reference takes a bare name for false; here that scales nothing.
  const bool dry_run = !query.is_bare("dry_run") && query.flag("dry_run");
  const RunType type = dry_run ? RunType::api_dry_run : RunType::api;
  return in_turn([this, type, stop = request.stop] {
    const CountedMetrics gathered = parts_.cycle.gather(type, stop);
    auto memory = std::make_shared<MemoryShare>(gathered.account, "the answer");
    memory->grow(metrics_json_size(gathered.metrics));
    ServerResponse response = json_response(200, metrics_json(gathered.metrics));
    response.memory = std::move(memory);
    return response;
  });
}

ServerResponse Handlers::evaluation(const ServerRequest& request) {
  const Query query(request.query());
  return in_turn([this, dry_run = query.flag("dry_run"), explain = query.flag("explain"),
                  stop = request.stop] { return evaluate(dry_run, explain, stop); });
}

ServerResponse Handlers::evaluate(bool dry_run, bool explain, std::stop_token stop) {
  const CycleResult result = dry_run ? parts_.cycle.dry_run(std::move(stop))
                                     : parts_.cycle.run(RunType::api, std::move(stop));
  const std::string further = explain ? decision_member(result.record) : "";
  if (const auto& failure = result.record.failure) {
    return failed_stage(failure->reason, failure->message, further);
  }
  if (dry_run) return evaluation_response({result.evaluation->target_replicas, {}}, further);
  return evaluation_response({result.record.desired_replicas, {}}, further);
}

ServerResponse Handlers::decisions(const ServerRequest& request) {
  return show_decisions(parts_.log, request);
}

ServerResponse Handlers::last_decision(const ServerRequest&) {
  return show_last_decision(parts_.log);
}

ServerResponse Handlers::get_override(const ServerRequest&) {
  return json_response(200, show_override(parts_.cycle.memory()));
}

ServerResponse Handlers::put_override(const ServerRequest& request) {
  return json_response(200, cpab::put_override(parts_.cycle.memory(), request));
}

ServerResponse Handlers::delete_override(const ServerRequest& request) {
  return json_response(200, cpab::delete_override(parts_.cycle.memory(), request));
}

ServerResponse Handlers::get_mode(const ServerRequest&) {
  return json_response(200, show_mode(parts_.cycle));
}

ServerResponse Handlers::put_mode(const ServerRequest& request) {
  return json_response(200, cpab::put_mode(parts_.cycle, request));
}

ServerResponse Handlers::health(const ServerRequest&) {
  if (parts_.heartbeat.healthy(parts_.clock.now())) return json_response(200, R"({"status":"ok"})");
  return json_response(503, R"({"status":"wedged","message":"the autoscaling loop has not been )"
                            R"(heard of for longer than any stage may take"})");
}

ServerResponse Handlers::readiness(const ServerRequest& request) {
  const auto missing = target_probe_.missing(request.stop);
  if (!missing) return json_response(200, R"({"status":"ok"})");
  return json_response(503, "{\"status\":\"not ready\",\"message\":" +
                                printable_json(json_quote(redaction_(*missing))) + "}");
}

ServerResponse Handlers::prometheus(const ServerRequest&) {
  ServerResponse response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
  response.body = parts_.prometheus();
  return response;
}

}  // namespace cpab
