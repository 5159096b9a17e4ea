#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cpab {

/// How text is set off. Without colours all functions return what they are given.
class Style {
 public:
  explicit Style(bool colours) : colours_(colours) {}

  std::string strong(std::string_view text) const { return set(text, "1"); }
  std::string faint(std::string_view text) const { return set(text, "2"); }
  std::string good(std::string_view text) const { return set(text, "32"); }
  std::string bad(std::string_view text) const { return set(text, "31"); }
  std::string notable(std::string_view text) const { return set(text, "33"); }

  /// By what a decision came to: its `action`.
  std::string by_action(std::string_view text, std::string_view action) const;

 private:
  std::string set(std::string_view text, std::string_view code) const;

  bool colours_;
};

/// What there is to write on.
struct Terminal {
  bool interactive = false;  ///< a terminal that text can be redrawn on
  bool colours = false;      ///< and colours are wanted: NO_COLOR (no-color.org) is not set
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What standard output is now; its size changes.
Terminal standard_output();

/// The first `columns` characters of a line that holds no escape sequences; the last one becomes
/// `…` when there are more. Characters that take two columns count as one.
std::string clipped(std::string_view line, std::size_t columns);

/// `text` of ASCII characters with blanks in front or behind, so that it fills `width` columns.
std::string padded_left(const std::string& text, std::size_t width);
std::string padded_right(std::string text, std::size_t width);

}  // namespace cpab
