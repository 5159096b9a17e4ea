#include "cpab/decision/stabilization.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start = TimePoint(1h);

/// The highest of `entries` (seconds before now -> replicas) after pruning to `window`.
std::int32_t highest(const std::vector<std::pair<std::chrono::seconds, std::int32_t>>& entries,
                     std::chrono::seconds window, WindowEnd end = WindowEnd::exclusive) {
  RecommendationHistory history;
  for (const auto& [age, replicas] : entries) history.add({start - age, replicas});
  history.prune(start, window, end);
  return history.highest().value().replicas;
}

}  // namespace

TEST_CASE("RecommendationHistory: the highest within the window", "[decision][contract-59]") {
  CHECK(highest({{60s, 100}, {50s, 2}, {40s, 2}, {30s, 9}, {20s, 2}, {0s, 2}}, 45s) == 9);
  CHECK(highest({{30s, 100}, {20s, 2}, {15s, 2}, {10s, 1}, {5s, 2}, {0s, 3}}, 25s) == 3);
}

TEST_CASE("RecommendationHistory: the end of a window is no part of it, unless asked for",
          "[decision]") {
  CHECK(highest({{44s, 9}, {0s, 2}}, 45s) == 9);
  CHECK(highest({{45s, 9}, {0s, 2}}, 45s) == 2);
  CHECK(highest({{45s, 9}, {0s, 2}}, 45s, WindowEnd::inclusive) == 9);
  CHECK(highest({{46s, 9}, {0s, 2}}, 45s, WindowEnd::inclusive) == 2);
}

TEST_CASE("RecommendationHistory: of equal heights the newest is kept", "[decision]") {
  RecommendationHistory history;
  history.add({start, 5});
  history.add({start + 10s, 3});
  history.add({start + 20s, 5});

  CHECK(history.highest() == Recommendation{start + 20s, 5});
}

TEST_CASE("RecommendationHistory: empty when everything is forgotten", "[decision]") {
  RecommendationHistory history;
  CHECK(history.empty());
  history.add({start, 5});
  history.prune(start + 1min, 30s);
  CHECK(history.empty());
  CHECK(history.highest() == std::nullopt);
}
