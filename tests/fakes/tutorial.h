#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/program.h"
#include "tests/fakes/temporary_directory.h"

namespace cpab {

/// What a page tells its reader to do next: to run a command, or to write a file.
struct TutorialStep {
  std::string file;                ///< its name; empty: a command
  std::string text;                ///< the command, or the content of the file
  std::vector<std::string> shown;  ///< the lines that the page shows the command to print
};

/// The steps of a page of the documentation. A block, indented by four spaces, is a file when the
/// text before it ends with its name: "`config.yaml`:". In other blocks the lines that begin with
/// "$ " are commands, and the lines below one are what it prints, "..." standing for some.
std::vector<TutorialStep> tutorial_steps(const std::string& page);

/// A page of the documentation done by a test: its files are written and its commands run in an
/// empty folder, in the order of the page.
class Tutorial {
 public:
  /// `page` is a path below the root of the project.
  explicit Tutorial(const std::string& page);

  /// From now on `real` stands where the page says `said`: a port that is free, for one.
  void substitute(const std::string& said, const std::string& real);

  /// Runs the next command of the page to its end, and checks that it prints what the page shows.
  /// Throws std::logic_error when the next command does not begin like this.
  Outcome run(const std::string& beginning, const Program::Variables& variables = {});

  /// Starts it, for a command that lasts until it is told to end.
  std::unique_ptr<Program> start(const std::string& beginning,
                                 const Program::Variables& variables = {});

  /// Whether all commands of the page have been run.
  bool is_over() const { return next_ == steps_.size(); }

  std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  TutorialStep next(const std::string& beginning);
  std::string substituted(std::string text) const;
  std::vector<std::string> in_folder(const std::string& command) const;
  Program::Variables with_path(Program::Variables variables) const;

  TemporaryDirectory folder_;
  const std::vector<TutorialStep> steps_;
  std::size_t next_ = 0;
  std::vector<std::pair<std::string, std::string>> substitutions_;
};

}  // namespace cpab
