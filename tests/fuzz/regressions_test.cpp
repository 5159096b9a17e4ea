#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/file.h"
#include "fuzz/targets.h"
#include "tests/fakes/captured_log.h"

using namespace cpab;

namespace {

/// The inputs of a target below `fuzz/<kind>`: none when there is no such folder.
std::vector<std::string> inputs(const std::string& kind, const std::string& target) {
  const std::filesystem::path folder =
      std::string(CPAB_SOURCE_DIR) + "/fuzz/" + kind + "/" + target;
  std::vector<std::string> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Runs the target on each input; a property that does not hold, or an exception that nobody
/// documented, fails the test by the name of the file.
void replay(const FuzzTarget& target, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    INFO(file);
    CHECK_NOTHROW(target.run(read_file(file)));
  }
}

}  // namespace

TEST_CASE("fuzz: every seed and every input that once failed is handled", "[fuzz]") {
  const CapturedLog quiet;
  for (const FuzzTarget& target : fuzz_targets) {
    const auto seeds = inputs("seeds", target.name);
    INFO(target.name);
    CHECK(seeds.size() >= 5);
    replay(target, seeds);
    replay(target, inputs("regressions", target.name));
  }
}

TEST_CASE("fuzz: every folder of inputs belongs to a target", "[fuzz]") {
  for (const char* kind : {"seeds", "regressions"}) {
    for (const std::string& folder : inputs(kind, "")) {
      const std::string name = std::filesystem::path(folder).filename().string();
      INFO(folder);
      CHECK(std::any_of(std::begin(fuzz_targets), std::end(fuzz_targets),
                        [&](const FuzzTarget& target) { return target.name == name; }));
    }
  }
}
