#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "tests/evil/victim.h"

using namespace cpab;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string all_tests() {
  std::string text;
  for (const auto& entry : fs::directory_iterator(CPAB_SOURCE_DIR "/tests/evil")) {
    const std::string name = entry.path().filename();
    if (name.ends_with("_test.cpp") && name != "kit_test.cpp") text += content(entry.path());
  }
  return text;
}

}  // namespace

TEST_CASE("evil: each script of the kit is run by a test and listed for users", "[evil]") {
  const std::string tests = all_tests();
  const std::string readme = content(CPAB_SOURCE_DIR "/tests/evil/README.md");
  std::size_t scripts = 0;
  for (const auto& entry : fs::directory_iterator(Victim::kit(""))) {
    const std::string name = entry.path().filename();
    ++scripts;
    INFO(name);
    CHECK(tests.find('"' + name + '"') != std::string::npos);
    CHECK(readme.find('`' + name + '`') != std::string::npos);
  }
  CHECK(scripts > 50);
}

TEST_CASE("evil: a script of the kit is short and says what it does", "[evil]") {
  constexpr int longest = 25;
  for (const auto& entry : fs::directory_iterator(Victim::kit(""))) {
    INFO(entry.path().filename().string());
    const std::string text = content(entry.path());
    CHECK(std::count(text.begin(), text.end(), '\n') <= longest);
    CHECK(text.find("# ") != std::string::npos);
  }
}
