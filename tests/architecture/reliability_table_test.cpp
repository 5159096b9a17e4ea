#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr std::size_t faults = 76;

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string document() { return content(CPAB_SOURCE_DIR "/docs/reliability.md"); }

/// One line of the table of faults.
struct Row {
  int number = 0;
  std::string text;   ///< the whole line
  std::string proof;  ///< its last column
};

std::vector<Row> rows() {
  const std::string text = document();
  const std::regex pattern(R"(\n\| *(\d+) *\|.*\|([^|\n]*)\|(?=\n))");
  std::vector<Row> result;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    result.push_back({std::stoi((*match)[1]), match->str(), (*match)[2]});
  }
  return result;
}

/// What stands between backticks.
std::vector<std::string> quoted(const std::string& text) {
  const std::regex pattern("`([^`\n]*)`");
  std::vector<std::string> result;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    result.push_back((*match)[1]);
  }
  return result;
}

/// The name in a macro's arguments, whose literals the compiler would join.
std::string joined(const std::string& literals) {
  const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re");
  std::string name;
  for (std::sregex_iterator match(literals.begin(), literals.end(), literal), end; match != end;
       ++match) {
    name += (*match)[1];
  }
  return name;
}

std::set<std::string> test_names() {
  const std::regex macro(
      R"re(TEST_CASE(?:_METHOD)?\(\s*(?:[A-Za-z_]+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)[,)])re");
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(CPAB_SOURCE_DIR "/tests")) {
    if (!entry.path().filename().string().ends_with("_test.cpp")) continue;
    const std::string text = content(entry.path());
    for (std::sregex_iterator match(text.begin(), text.end(), macro), end; match != end; ++match) {
      names.insert(joined((*match)[1]));
    }
  }
  return names;
}

bool is_path(const std::string& text) {
  return text.find('/') != std::string::npos && text.find(' ') == std::string::npos;
}

bool exists(const std::string& path) { return fs::exists(fs::path(CPAB_SOURCE_DIR) / path); }

}  // namespace

TEST_CASE("reliability table: every fault is there, in order", "[architecture]") {
  const std::vector<Row> table = rows();
  REQUIRE(table.size() == faults);
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK(table[i].number == static_cast<int>(i + 1));
  }
}

TEST_CASE("reliability table: each row has a proof, or says what is missing", "[architecture]") {
  for (const Row& row : rows()) {
    INFO(row.text);
    CHECK((!quoted(row.proof).empty() || row.text.find("not yet: ") != std::string::npos));
  }
}

TEST_CASE("reliability table: every test and path it names exists", "[architecture]") {
  const std::set<std::string> names = test_names();
  REQUIRE(names.size() > 500);
  for (const Row& row : rows()) {
    for (const std::string& proof : quoted(row.proof)) {
      INFO("row " << row.number << " names: " << proof);
      CHECK((is_path(proof) ? exists(proof) : names.contains(proof)));
    }
  }
}

TEST_CASE("reliability table: tests named beside it exist too", "[architecture]") {
  // Outside the table other things are quoted as well; a test has a colon in its name.
  const std::regex prose(R"(\n(?!\|)[^\n]*)");
  const std::string text = document();
  const std::set<std::string> names = test_names();
  for (std::sregex_iterator line(text.begin(), text.end(), prose), end; line != end; ++line) {
    for (const std::string& quote : quoted(line->str())) {
      INFO("quoted: " << quote);
      const bool is_test = quote.find(": ") != std::string::npos && quote.front() != '{';
      if (is_test) CHECK(names.contains(quote));
      const std::string path = quote.substr(0, quote.find(' '));
      if (path.starts_with("tests/") || path.starts_with("./scripts/")) CHECK(exists(path));
    }
  }
}

TEST_CASE("reliability table: every evil and every chaos test is named", "[architecture]") {
  const std::string text = document();
  for (const std::string& name : test_names()) {
    if (!name.starts_with("evil: ") && !name.starts_with("chaos: ")) continue;
    INFO(name);
    CHECK(text.find('`' + name + '`') != std::string::npos);
  }
}
