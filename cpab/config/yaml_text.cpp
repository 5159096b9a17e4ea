#include "cpab/config/yaml_text.h"

#include <algorithm>

#include "cpab/config/document.h"
#include "cpab/model/masking.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) + 1 - first);
}

bool is_separator(std::string_view line, int number) {
  if (!line.starts_with("---")) return false;
  const std::string_view rest = trimmed(line.substr(3));
  if (!rest.empty() && rest[0] != '#') {
    throw DocumentError("invalid Yaml document separator: " + masked_value(rest) + " (line " +
                        std::to_string(number) + ")");
  }
  return true;
}

/// Whether `line` is neither blank nor a comment nor a directive.
bool has_content(std::string_view line) {
  const std::string_view text = trimmed(line);
  return !text.empty() && text[0] != '#' && text[0] != '%';
}

}  // namespace

void fail_yaml(int line, const std::string& what) {
  throw DocumentError("yaml: line " + std::to_string(line) + ": " + what);
}

FirstDocument first_document(std::string_view text) {
  bool begun = false;
  int number = 1;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const std::string_view line = text.substr(start, end - start);
    const bool separator = is_separator(line, number);
    if (separator && begun) return {text.substr(0, start), number};
    begun = begun || separator || has_content(line);
    start = end;
  }
  return {text, 0};
}

std::string with_end_marker(std::string_view text) {
  return std::string(text) + (text.ends_with('\n') ? "...\n" : "\n...\n");
}

bool has_end_marker(std::string_view text) {
  return text.starts_with("...") || text.find("\n...") != std::string_view::npos;
}

int line_behind_end_marker(std::string_view text) {
  bool ended = false;
  int number = 1;
  for (; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (ended && has_content(line)) return number;
    ended = ended || (line.starts_with('.') && trimmed(line.substr(0, 4)) == "...");
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return 0;
}

void check_yaml_characters(std::string_view text) {
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at, 4));
    if (length == 0) fail_yaml(line, "invalid UTF-8");
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool allowed = byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r';
    if (!allowed || byte == 0x7f) fail_yaml(line, "control characters are not allowed");
    if (byte == '\n') ++line;
    at += length;
  }
}

}  // namespace cpab
