#include "cpab/console/watch.h"

#include <catch2/catch.hpp>

#include "cpab/io/manual_clock.h"
#include "tests/console/records.h"
#include "tests/fakes/scripted_http_client.h"

using namespace cpab;

namespace {

const std::string status_line = "GET /api/v1/status";

std::string status_with(const std::string& started, int last) {
  return with(with(status_text, "2026-11-22T03:00:00.000Z", started), R"("lastDecision":42)",
              R"("lastDecision":)" + std::to_string(last));
}

std::string record(int id) {
  return with(stabilized_record, R"("id":42)", R"("id":)" + std::to_string(id));
}

std::vector<std::uint64_t> ids(const std::vector<DecisionView>& decisions) {
  std::vector<std::uint64_t> ids;
  ids.reserve(decisions.size());
  for (const DecisionView& decision : decisions) ids.push_back(decision.id);
  return ids;
}

using Ids = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("watch: asks only for what is new, and begins anew with the daemon", "[console]") {
  ManualClock clock;
  ScriptedHttpClient http;
  http.on(status_line, 200, status_with("A", 42))
      .on(status_line, 200, status_with("A", 42))
      .on(status_line, 200, status_with("A", 43))
      .on(status_line, HttpFailure::connect)
      .on(status_line, 200, status_with("B", 1))
      .on("GET /api/v1/decisions?since=0&limit=10", 200, "[" + record(41) + "," + record(42) + "]")
      .on("GET /api/v1/decisions?since=0&limit=10", 200, "[" + record(1) + "]")
      .on("GET /api/v1/decisions?since=42&limit=10", 200, "[" + record(43) + "]");
  DaemonApi api({}, http, clock);
  Watch watch(api, 10);

  CHECK(ids(watch.refresh({})) == Ids{41, 42});
  CHECK(ids(watch.refresh({})).empty());
  CHECK(ids(watch.refresh({})) == Ids{43});
  CHECK(watch.moment().trouble.empty());

  CHECK(ids(watch.refresh({})).empty());
  CHECK_THAT(watch.moment().trouble, Catch::Contains("Is it running"));
  CHECK(watch.moment().decisions.size() == 3);

  CHECK(ids(watch.refresh({})) == Ids{1});
  CHECK(watch.moment().trouble.empty());
  CHECK(watch.moment().decisions.size() == 4);
}

TEST_CASE("watch: keeps of a decision what it shows", "[console]") {
  const std::string long_text(100'000, 'x');
  ManualClock clock;
  ScriptedHttpClient http;
  http.on(status_line, 200, status_with("A", 42))
      .on("GET /api/v1/decisions?since=0&limit=10", 200,
          "[" + with(with(stabilized_record, "wanted 9", long_text), "348.2", long_text) + "]");
  DaemonApi api({}, http, clock);
  Watch watch(api, 10);

  REQUIRE(watch.refresh({}).size() == 1);

  const DecisionView& kept = watch.moment().decisions.front();
  CHECK(kept.message.size() == 4096);
  CHECK(kept.metrics.front().second.size() == 256);
  CHECK(kept.steps.empty());
  CHECK(kept.current == 8);
}
