#include "tests/vectors/vector_files.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace cpab {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// The content of a file, unpacked when it is packed.
std::string text_of(const fs::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> input(gzopen(file.c_str(), "rb"), gzclose);
  if (!input) throw std::runtime_error("cannot read " + file.string());
  std::string text;
  std::array<char, 65536> buffer{};
  int count = 0;
  while ((count = gzread(input.get(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (count < 0) throw std::runtime_error("cannot unpack " + file.string());
  return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream input(text);
  for (std::string part; std::getline(input, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> cases;
  for (const std::string& line : split(text, '\n')) cases.push_back(json::parse(line));
  return cases;
}

std::vector<json> rows_of(const std::string& text) {
  std::vector<json> cases;
  const std::vector<std::string> lines = split(text, '\n');
  const std::vector<std::string> names = split(lines.at(0), ',');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = split(lines[i], ',');
    json row;
    for (std::size_t k = 0; k < names.size(); ++k) row[names[k]] = json::parse(cells.at(k));
    cases.push_back(std::move(row));
  }
  return cases;
}

}  // namespace

std::optional<fs::path> vectors_folder() {
  const fs::path folder = fs::path(CPAB_SOURCE_DIR) / "../shared/vectors";
  if (!fs::is_directory(folder)) return std::nullopt;
  return folder;
}

std::vector<std::string> vector_files(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".md") continue;
    files.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<json> vector_cases(const fs::path& file) {
  const std::string text = text_of(file);
  const fs::path unpacked = file.extension() == ".gz" ? file.stem() : file.filename();
  if (unpacked.extension() == ".jsonl") return lines_of(text);
  if (unpacked.extension() == ".csv") return rows_of(text);
  return json::parse(text).at("cases").get<std::vector<json>>();
}

}  // namespace cpab
