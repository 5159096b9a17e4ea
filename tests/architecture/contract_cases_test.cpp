#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "tests/architecture/sources.h"

using namespace cpab;

TEST_CASE("contract: each of the 71 numbered cases has a test that carries its number",
          "[architecture]") {
  constexpr int last_case = 71;
  const std::regex tag(R"(\[contract-(\d+)\])");
  std::set<int> covered;
  for (const SourceLine& line : source_lines("tests")) {
    for (std::sregex_iterator match(line.text.begin(), line.text.end(), tag), end; match != end;
         ++match) {
      covered.insert(std::stoi((*match)[1]));
    }
  }
  for (int number = 1; number <= last_case; ++number) {
    INFO("contract case " << number);
    CHECK(covered.contains(number));
  }
}
