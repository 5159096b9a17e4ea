#include "cpab/pipeline/stage.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("StageError: the words of each stage, for the API and for the log",
          "[pipeline][contract-65]") {
  struct Row {
    Stage stage;
    std::string api;
    std::string log;
  };
  const auto row = GENERATE(values<Row>({
      {Stage::target, "x", "failed to get managed resource: x"},
      {Stage::scale, "failed to get scale subresource for resource: x",
       "failed to get scale subresource: failed to get scale subresource for resource: x"},
      {Stage::metric, "failed to gather metrics: x",
       "failed to get metrics: failed to gather metrics: x"},
      {Stage::evaluate, "failed to get evaluation: x",
       "failed get evaluation: failed to get evaluation: x"},
      {Stage::patch, "failed to apply scaling changes to resource: x",
       "failed to scale resource: failed to apply scaling changes to resource: x"},
      {Stage::post_scale, "failed to run post-scaling hook: x",
       "failed to scale resource: failed to run post-scaling hook: x"},
  }));
  const StageError error(row.stage, "exit", "x");
  CHECK(error.what() == row.api);
  CHECK(error.log_message() == row.log);
}

TEST_CASE("StageError: a cause without end is cut", "[pipeline]") {
  const StageError error(Stage::metric, "other", std::string(1u << 20, 'x'));
  CHECK(std::string(error.what()) ==
        "failed to gather metrics: " + std::string(20'480, 'x') + "... (1048576 bytes)");
}
