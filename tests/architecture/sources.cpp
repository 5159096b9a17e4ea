#include "tests/architecture/sources.h"

#include <fstream>

namespace cpab {

std::vector<SourceLine> source_lines(const std::string& folder) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(CPAB_SOURCE_DIR) / folder;
  std::vector<SourceLine> lines;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const fs::path extension = entry.path().extension();
    if (extension != ".h" && extension != ".cpp") continue;
    std::ifstream in(entry.path());
    int number = 0;
    for (std::string text; std::getline(in, text);) {
      lines.push_back({fs::relative(entry.path(), root).string(), ++number, text});
    }
  }
  return lines;
}

}  // namespace cpab
