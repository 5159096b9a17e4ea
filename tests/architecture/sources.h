#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cpab {

/// One line of a source file, for tests that look at the sources themselves.
struct SourceLine {
  std::string file;  ///< relative to the folder asked for
  int number;
  std::string text;

  std::string where() const { return file + ":" + std::to_string(number) + ": " + text; }
};

/// All lines of the .h and .cpp files below `folder` of the project.
std::vector<SourceLine> source_lines(const std::string& folder);

}  // namespace cpab
