#include "cpab/pipeline/event_recorder.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/io/manual_clock.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/token_source.h"
#include "tests/fakes/program.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// An API server that answers every request about Events with `status`.
class EventServer : public HttpClient {
 public:
  HttpResponse send(const HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    return {request.method == "PATCH" ? patch_status : status, {}, "{}"};
  }

  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::vector<std::string> methods() const {
    std::vector<std::string> methods;
    for (const HttpRequest& request : requests()) methods.push_back(request.method);
    return methods;
  }
  nlohmann::json body(std::size_t index) const {
    return nlohmann::json::parse(*requests().at(index).body);
  }

  int status = 201;
  int patch_status = 200;

 private:
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;  // guarded by mutex_
};

struct Fixture {
  ManualClock clock;
  EventServer server;
  TokenSource token{"secret"};
  RestClient rest{server, token, clock, {.server = "https://api"}};
  Events events{rest};
  EventWriter writer{events, clock};

  void write(const DecisionRecord& record) { writer.write(record, {}); }
};

DecisionRecord record() {
  DecisionRecord record;
  record.target = {"apps/v1", "Deployment", "shop", "prod"};
  record.target_uid = "uid-1";
  record.time = WallTime(Duration(1'795'852'861'250));
  return record;
}

DecisionRecord scaled_to(std::int32_t replicas) {
  DecisionRecord scaled = record();
  scaled.action = Action::scaled;
  scaled.current_replicas = 3;
  scaled.desired_replicas = replicas;
  scaled.evaluation = Evaluation{replicas, "busy"};
  return scaled;
}

DecisionRecord failed() {
  DecisionRecord failed = record();
  failed.target_uid.clear();  // it could not be read
  failed.failure = Failure{"target", "kubernetes", "not there", "", ""};
  return failed;
}

}  // namespace

TEST_CASE("EventWriter: an Event about the target", "[pipeline]") {
  Fixture f;
  f.write(scaled_to(5));

  REQUIRE(f.server.methods() == std::vector<std::string>{"POST"});
  CHECK(f.server.requests().at(0).url == "https://api/api/v1/namespaces/prod/events");
  nlohmann::json event = f.server.body(0);
  CHECK_THAT(event.at("metadata").at("name").get<std::string>(), Catch::StartsWith("shop."));
  event.at("metadata").erase("name");
  CHECK(event == nlohmann::json::parse(R"({"apiVersion":"v1","kind":"Event",
    "metadata":{"namespace":"prod"},
    "involvedObject":{"apiVersion":"apps/v1","kind":"Deployment","name":"shop",
                      "namespace":"prod","uid":"uid-1"},
    "reason":"SuccessfulRescale","message":"New size: 5; reason: busy","type":"Normal",
    "source":{"component":"cpab"},"reportingComponent":"cpab",
    "firstTimestamp":"2026-11-28T08:01:01Z","lastTimestamp":"2026-11-28T08:01:01Z","count":1})"));
}

TEST_CASE("EventWriter: the name of an Event is one that Kubernetes takes", "[pipeline]") {
  Fixture f;
  DecisionRecord scaled = scaled_to(5);
  scaled.target.name = std::string(230, 'a') + ".-" + std::string(21, 'b');
  f.write(scaled);
  scaled.target.name = std::string(240, 'a') + ".-" + std::string(11, 'b');
  scaled.target_uid = "uid-2";
  f.write(scaled);

  REQUIRE(f.server.methods().size() == 2);
  const auto name = [&](std::size_t request) {
    return f.server.body(request).at("metadata").at("name").get<std::string>();
  };
  CHECK(name(0).size() == 253);
  CHECK_THAT(name(0), Catch::StartsWith(std::string(230, 'a') + ".-bbbbbbb"));
  CHECK_THAT(name(1), Catch::StartsWith(std::string(240, 'a') + ".1"));
}

TEST_CASE("EventWriter: what repeats is counted, and written now and then", "[pipeline]") {
  Fixture f;
  f.write(scaled_to(5));  // from here on the UID is known
  for (int i = 0; i < 41; ++i) {
    f.write(failed());
    f.clock.advance(15s);
  }
  CHECK(f.server.methods() == std::vector<std::string>{"POST", "POST", "PATCH", "PATCH"});
  CHECK(f.server.body(1).at("involvedObject").at("uid") == "uid-1");
  CHECK(f.server.body(1).at("type") == "Warning");
  CHECK(f.server.requests().at(2).url ==
        "https://api/api/v1/namespaces/prod/events/" +
            f.server.body(1).at("metadata").at("name").get<std::string>());
  CHECK(f.server.body(2).at("count") == 21);
  CHECK(f.server.body(3).at("count") == 41);
}

TEST_CASE("EventWriter: an Event that was deleted for its age is made again", "[pipeline]") {
  Fixture f;
  f.server.patch_status = 404;
  f.write(scaled_to(5));
  f.clock.advance(2h);
  f.write(scaled_to(5));
  CHECK(f.server.methods() == std::vector<std::string>{"POST", "PATCH", "POST"});
  CHECK(f.server.body(2).at("count") == 2);
}

TEST_CASE("EventWriter: no more than ten at once, and one a minute", "[pipeline]") {
  Fixture f;
  for (std::int32_t replicas = 1; replicas <= 100; ++replicas) f.write(scaled_to(replicas));
  CHECK(f.server.requests().size() == 10);
  f.clock.advance(3min);
  for (std::int32_t replicas = 101; replicas <= 200; ++replicas) f.write(scaled_to(replicas));
  CHECK(f.server.requests().size() == 13);
}

TEST_CASE("EventWriter: where it is forbidden it is not tried for an hour", "[pipeline]") {
  Fixture f;
  f.server.status = 403;
  for (std::int32_t replicas = 1; replicas <= 59; ++replicas) {
    f.write(scaled_to(replicas));
    f.clock.advance(1min);
  }
  CHECK(f.server.requests().size() == 1);
  f.server.status = 201;
  f.clock.advance(1min);
  f.write(scaled_to(60));
  CHECK(f.server.requests().size() == 2);
}

TEST_CASE("EventRecorder: writes on a thread of its own, until the shutdown", "[pipeline]") {
  Fixture f;
  std::stop_source shutdown;
  {
    EventRecorder recorder(f.events, f.clock, shutdown.get_token());
    recorder.note(scaled_to(5));
    CHECK(soon([&] { return f.server.requests().size() == 1; }));
    shutdown.request_stop();
    recorder.note(scaled_to(6));
  }
  CHECK(f.server.requests().size() == 1);
}
