#include "cpab/pipeline/decision_log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/file.h"

using namespace cpab;

namespace {

DecisionRecord record(Action action, WallTime time = {}) {
  DecisionRecord record;
  record.action = action;
  record.time = time;
  return record;
}

std::vector<std::uint64_t> ids(const std::vector<DecisionLog::Line>& found) {
  std::vector<std::uint64_t> ids;
  for (const auto& json : found) ids.push_back(std::stoull(json->substr(6)));
  return ids;
}

}  // namespace

TEST_CASE("DecisionLog: numbers records from 1 and finds the newest, oldest first", "[pipeline]") {
  DecisionLog log;
  CHECK(log.last() == nullptr);
  for (int i = 0; i < 5; ++i) {
    DecisionRecord entry =
        record(i % 2 == 0 ? Action::scaled : Action::unchanged, WallTime(std::chrono::seconds(i)));
    log.add(entry);
  }
  CHECK(ids(log.find({})) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  CHECK(ids(log.find({.limit = 2})) == std::vector<std::uint64_t>{4, 5});
  CHECK(ids(log.find({.limit = 2, .changed_only = true})) == std::vector<std::uint64_t>{3, 5});
  CHECK(ids(log.find({.after_id = 3})) == std::vector<std::uint64_t>{4, 5});
  CHECK(ids(log.find({.since = WallTime(std::chrono::seconds(2))})) ==
        std::vector<std::uint64_t>{3, 4, 5});
  CHECK(ids({log.last()}) == std::vector<std::uint64_t>{5});
}

TEST_CASE("DecisionLog: keeps the last thousand", "[pipeline]") {
  DecisionLog log;
  DecisionRecord entry = record(Action::unchanged);
  for (int i = 0; i < 1'005; ++i) log.add(entry);
  const auto found = ids(log.find({.limit = 5'000}));
  CHECK(found.size() == 1'000);
  CHECK(found.front() == 6);
}

TEST_CASE("DecisionLog: large records make old ones go earlier", "[pipeline]") {
  DecisionLog log;
  DecisionRecord entry = record(Action::failed);
  entry.failure = Failure{"metric", "exit", "", std::string(100'000, 'x'), ""};
  for (int i = 0; i < 100; ++i) log.add(entry);
  CHECK(log.find({.limit = 1'000}).size() == 41);
}

TEST_CASE("DecisionLog: appends one line per record to its file, and survives a bad one",
          "[pipeline]") {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("cpab-decisions-" + std::to_string(getpid())))
          .string();
  DecisionLog log(path);
  DecisionRecord entry = record(Action::unchanged);
  log.add(entry);
  log.add(entry);
  const auto found = log.find({});
  CHECK(read_file(path) == *found.at(0) + "\n" + *found.at(1) + "\n");
  std::filesystem::remove(path);

  DecisionLog unwritable("/nonexistent/decisions");
  CHECK(unwritable.add(entry) == 1);
  CHECK(unwritable.last() != nullptr);
}
