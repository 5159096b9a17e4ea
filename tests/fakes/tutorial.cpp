#include "tests/fakes/tutorial.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "cpab/io/file.h"
#include "cpab/model/replaced.h"

namespace cpab {
namespace {

constexpr const char* indent = "    ";
constexpr std::size_t indent_width = 4;

struct Block {
  std::string before;  ///< the line of text above it
  std::vector<std::string> lines;
};

/// The indented blocks. Empty lines between indented ones belong to the block.
std::vector<Block> blocks(const std::string& page) {
  std::vector<Block> found;
  std::string text;
  bool inside = false;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(indent)) {
      if (!inside) found.push_back({text, {}});
      inside = true;
      found.back().lines.push_back(line.substr(indent_width));
    } else if (line.empty() && inside) {
      found.back().lines.emplace_back();
    } else if (!line.empty()) {
      inside = false;
      text = line;
    }
  }
  for (Block& block : found) {
    while (block.lines.back().empty()) block.lines.pop_back();
  }
  return found;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

void add_commands(std::vector<TutorialStep>& steps, const std::vector<std::string>& lines) {
  if (!lines.front().starts_with("$ ")) return;
  for (const std::string& line : lines) {
    if (line.starts_with("$ ")) {
      steps.push_back({"", line.substr(2), {}});
    } else {
      steps.back().shown.push_back(line);
    }
  }
}

/// Without what differs from run to run.
std::string without_speed(const std::string& text) {
  static const std::regex speed(R"( in [0-9.]+ s, [0-9]+ a second)");
  return std::regex_replace(text, speed, "");
}

void check_prints(const TutorialStep& step, const Outcome& outcome) {
  const std::string printed = without_speed(outcome.out + outcome.err);
  INFO("$ " << step.text);
  for (const std::string& shown : step.shown) {
    if (!shown.ends_with("...")) CHECK_THAT(printed, Catch::Contains(without_speed(shown)));
  }
}

}  // namespace

std::vector<TutorialStep> tutorial_steps(const std::string& page) {
  static const std::regex file_name("`([^`/ ]+)`:$");
  std::vector<TutorialStep> steps;
  for (const Block& block : blocks(page)) {
    std::smatch name;
    if (std::regex_search(block.before, name, file_name)) {
      steps.push_back({name[1], joined(block.lines), {}});
    } else {
      add_commands(steps, block.lines);
    }
  }
  return steps;
}

Tutorial::Tutorial(const std::string& page)
    : steps_(tutorial_steps(read_file(std::string(CPAB_SOURCE_DIR) + "/" + page))) {}

void Tutorial::substitute(const std::string& said, const std::string& real) {
  substitutions_.emplace_back(said, real);
}

Outcome Tutorial::run(const std::string& beginning, const Program::Variables& variables) {
  const TutorialStep step = next(beginning);
  Outcome outcome = run_program(in_folder(step.text), with_path(variables));
  check_prints(step, outcome);
  return outcome;
}

std::unique_ptr<Program> Tutorial::start(const std::string& beginning,
                                         const Program::Variables& variables) {
  // Without a shell in between, which would get the signals.
  return std::make_unique<Program>(in_folder("exec env " + next(beginning).text),
                                   with_path(variables));
}

TutorialStep Tutorial::next(const std::string& beginning) {
  for (; next_ < steps_.size() && !steps_[next_].file.empty(); ++next_) {
    folder_.write(steps_[next_].file, substituted(steps_[next_].text));
  }
  if (is_over()) throw std::logic_error("the page ends before '" + beginning + "'");
  TutorialStep step = steps_[next_++];
  if (!step.text.starts_with(beginning)) {
    throw std::logic_error("the page says '" + step.text + "' where '" + beginning + "' is due");
  }
  step.text = substituted(step.text);
  return step;
}

std::string Tutorial::substituted(std::string text) const {
  for (const auto& [said, real] : substitutions_) text = replaced(std::move(text), said, real);
  return text;
}

std::vector<std::string> Tutorial::in_folder(const std::string& command) const {
  return {"env", "-C", folder_.file(""), "sh", "-c", command};
}

/// `cpab` is found as if it were installed.
Program::Variables Tutorial::with_path(Program::Variables variables) const {
  const std::string binaries = std::filesystem::path(CPAB_BINARY).parent_path();
  const char* path = std::getenv("PATH");
  variables["PATH"] = binaries + ":" + (path == nullptr ? "/usr/bin:/bin" : path);
  variables["HOME"] = folder_.file("");
  return variables;
}

}  // namespace cpab
