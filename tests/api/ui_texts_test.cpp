#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "cpab/model/printable.h"

namespace fs = std::filesystem;

namespace {

const fs::path sources = CPAB_SOURCE_DIR;

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The characters in the class `[\u0000-\u0008...]` of the module.
std::set<char32_t> escaped_by_the_page() {
  const std::string module = content(sources / "cpab/api/ui/printable.js");
  std::smatch characters;
  REQUIRE(std::regex_search(module, characters, std::regex(R"(/\[([^\]]+)\]/g)")));
  const std::string ranges = characters[1];
  const std::regex range(R"(\\u([0-9a-f]{4})(?:-\\u([0-9a-f]{4}))?)");
  std::set<char32_t> codes;
  std::string rest;
  std::regex_replace(std::back_inserter(rest), ranges.begin(), ranges.end(), range, "");
  CHECK(rest.empty());
  for (std::sregex_iterator each(ranges.begin(), ranges.end(), range), end; each != end; ++each) {
    const auto first = std::stoul((*each)[1], nullptr, 16);
    const auto last = (*each)[2].matched ? std::stoul((*each)[2], nullptr, 16) : first;
    for (auto code = first; code <= last; ++code) codes.insert(static_cast<char32_t>(code));
  }
  return codes;
}

}  // namespace

TEST_CASE("printable.js: spells out what the terminal's table does", "[api]") {
  const std::set<char32_t> codes = escaped_by_the_page();
  for (char32_t code = 0; code <= 0xFFFF; ++code) {
    const bool stays = code == '\n' || code == '\t';
    INFO(static_cast<unsigned>(code));
    if (codes.contains(code) != (cpab::is_unprintable(code) && !stays)) FAIL();
  }
}

TEST_CASE("dom.js: nothing else puts texts into the pages", "[api]") {
  const std::regex sets_text(
      R"(textContent\s*=[^=]|innerHTML|innerText|\.title\s*=[^=]|replaceChildren|\.setAttribute\(|createElement|createTextNode|insertAdjacent)");
  for (const char* folder : {"cpab/api/ui", "cpab/backtest/report"}) {
    for (const auto& file : fs::directory_iterator(sources / folder)) {
      if (file.path().extension() != ".js" || file.path().filename() == "dom.js") continue;
      INFO(file.path());
      const std::string text = content(file.path());
      CHECK_FALSE(std::regex_search(text, sets_text));
    }
  }
}
