#include "cpab/console/watch_view.h"

#include <catch2/catch.hpp>

#include "tests/console/records.h"

using namespace cpab;

namespace {

constexpr Terminal small{.columns = 60, .rows = 12};

DecisionView decided(std::int64_t current, std::int64_t wanted, const std::string& metric,
                     const std::string& message) {
  DecisionView decision = parse_decision(stabilized_record);
  decision.current = current;
  decision.desired = current;
  decision.wanted = wanted;
  decision.metrics[0].second = metric;
  decision.message = message;
  return decision;
}

}  // namespace

TEST_CASE("watch_frame: state, charts, and the last decisions, the newest first", "[console]") {
  const WatchMoment moment{
      .status = parse_status(status_text),
      .trouble = {},
      .decisions = {decided(1, 1, "50", "keeping 1"), decided(4, 6, "100\n", "scaled\n4 -> 6"),
                    decided(8, 16, "400", std::string(90, 'x'))}};
  CHECK(watch_frame(moment, small) ==
        "Deployment default/shop   1 to 8 replicas, every 2.5 s   cp…\n"
        "\n"
        "replicas         8  ▁▂▄\n"
        "desired          8  ▁▂▄\n"
        "wanted          16  ▁▃█\n"
        "metric         400  ▁▂█\n"
        "\n"
        "03:19:29Z  " +
            std::string(48, 'x') +
            "…\n"
            "03:19:29Z  scaled 4 -> 6\n"
            "03:19:29Z  keeping 1\n");
}

TEST_CASE("watch_frame: no more lines than the terminal has", "[console]") {
  WatchMoment moment{.status = parse_status(status_text), .trouble = {}, .decisions = {}};
  for (int i = 0; i < 50; ++i) moment.decisions.push_back(decided(1, 1, "text", "keeping 1"));
  const std::string frame = watch_frame(moment, small);
  CHECK(std::count(frame.begin(), frame.end(), '\n') == small.rows - 1);
  CHECK(watch_frame(moment, {.columns = 5, .rows = 1}).empty());
}

TEST_CASE("watch_frame: what is out of the ordinary, and nothing to play with a terminal",
          "[console]") {
  StatusView status = parse_status(status_text);
  status.mode = "shadow";
  status.override_text = "paused until T by al\x1b[2Jice";
  status.healthy = false;
  status.ready = false;
  CHECK(watch_frame({.status = status, .trouble = "it does not answer", .decisions = {}},
                    {.columns = 100, .rows = 24}) ==
        "Deployment default/shop   1 to 8 replicas, every 2.5 s   cpab 0.1.0\n"
        "mode shadow: nothing is written\n"
        "override: paused until T by al\\x1b[2Jice\n"
        "not healthy: the loop has not been heard of for too long\n"
        "not ready: the target has not been read yet\n"
        "it does not answer\n"
        "No decision has been made yet.\n");
}

TEST_CASE("watch_frame: colours by what a decision came to, where there are colours", "[console]") {
  const WatchMoment moment{
      .status = {}, .trouble = {}, .decisions = {parse_decision(failed_record)}};
  CHECK(watch_frame(moment, {.colours = true, .columns = 40, .rows = 24}) ==
        "\n"
        "replicas         1  █\n"
        "desired          -   \n"
        "wanted           -   \n"
        "\n"
        "\x1b[31m03:38:38Z  metric failed: exit status 2…\x1b[0m\n");
}
