#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "tests/architecture/sources.h"

using namespace cpab;

namespace {

using Folders = std::set<std::string>;

/// Which folders of cpab/ each folder may include from, besides itself. This is the definition of
/// the layers; docs/architecture.md explains it.
const std::map<std::string, Folders> allowed = {
    {"model", {}},
    {"decision", {"model"}},
    {"io", {"model"}},
    {"config", {"model", "decision", "io"}},
    {"kubernetes", {"model", "decision", "io"}},
    {"methods", {"model", "decision", "io", "config"}},
    {"pipeline", {"model", "decision", "io", "config", "kubernetes", "methods"}},
    {"telemetry", {"model", "decision", "io", "config", "kubernetes", "pipeline"}},
    {"api", {"model", "io", "config", "pipeline"}},
    {"simulation", {"model", "io", "kubernetes"}},
    {"console", {"model", "io"}},
    {"backtest",
     {"model", "decision", "io", "config", "kubernetes", "methods", "pipeline", "simulation"}},
    {"app",
     {"backtest", "model", "decision", "io", "config", "kubernetes", "methods", "pipeline",
      "telemetry", "api", "simulation", "console"}},
};

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

}  // namespace

TEST_CASE("layers: every include points at a folder this one may use", "[architecture]") {
  const std::regex include(R"re(^\s*#\s*include "cpab/([^/"]+)/)re");
  int includes = 0;
  for (const SourceLine& line : source_lines("cpab")) {
    std::smatch match;
    const std::string folder = folder_of(line.file);
    if (!std::regex_search(line.text, match, include) || match[1] == folder) continue;
    ++includes;
    INFO(line.where());
    REQUIRE(allowed.contains(folder));
    CHECK(allowed.at(folder).contains(match[1]));
  }
  CHECK(includes > 100);  // the pattern still finds something
}

TEST_CASE("layers: our own headers are included from the root of the project", "[architecture]") {
  const std::regex include(R"re(^\s*#\s*include "(?!cpab/|tests/|bench/|fuzz/))re");
  for (const char* folder : {"cpab", "tests"}) {
    for (const SourceLine& line : source_lines(folder)) {
      INFO(line.where());
      CHECK_FALSE(std::regex_search(line.text, include));
    }
  }
}

TEST_CASE("layers: clocks are read behind the Clock seam only", "[architecture]") {
  const std::regex clock(R"(_clock::now\(|\bclock_gettime\(|\bgettimeofday\(|\bsleep_for\()");
  // Each of these deals with processes, sockets or files of the real world.
  const Folders exempt = {"io"};
  for (const SourceLine& line : source_lines("cpab")) {
    if (exempt.contains(folder_of(line.file))) continue;
    INFO(line.where());
    CHECK_FALSE(std::regex_search(line.text, clock));
  }
}
