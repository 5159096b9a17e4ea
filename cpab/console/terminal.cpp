#include "cpab/console/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

}  // namespace

std::string Style::set(std::string_view text, std::string_view code) const {
  if (!colours_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Style::by_action(std::string_view text, std::string_view action) const {
  if (action == "failed") return bad(text);
  if (action == "scaled") return good(text);
  if (action == "held" || action == "disabled" || action == "shadow") return notable(text);
  return std::string(text);
}

Terminal standard_output() {
  Terminal terminal;
  terminal.interactive = isatty(STDOUT_FILENO) == 1 && !is_dumb();
  terminal.colours = terminal.interactive && !is_set("NO_COLOR");
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.columns = size.ws_col;
    terminal.rows = size.ws_row;
  }
  return terminal;
}

std::string clipped(std::string_view line, std::size_t columns) {
  std::size_t at = 0;
  std::size_t before_last = 0;
  for (std::size_t column = 0; column < columns && at < line.size(); ++column) {
    before_last = at;
    at += std::max<std::size_t>(1, utf8_length(line.substr(at)));
  }
  if (at >= line.size()) return std::string(line);
  return columns == 0 ? "" : std::string(line.substr(0, before_last)) + "…";
}

std::string padded_left(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string padded_right(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

}  // namespace cpab
