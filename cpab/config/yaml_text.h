#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// Throws a DocumentError that names the line.
[[noreturn]] void fail_yaml(int line, const std::string& what);

/// The bytes of the first document, and the line where a second one starts; 0 when none does.
struct FirstDocument {
  std::string_view text;
  int next_line = 0;
};

/// Cuts `text` at the second `---` line, as the reference does before it parses anything: what
/// follows may be malformed. Comments, blank lines and directives in front of the first `---`
/// belong to the document that it opens. Throws DocumentError when a separator line goes on with
/// anything but a comment.
FirstDocument first_document(std::string_view text);

/// `text` followed by a line `...`. Without it, the parser would take the end of the text for the
/// end of a quoted scalar.
std::string with_end_marker(std::string_view text);

/// Whether a line of `text` is the end marker `...`, behind which nothing matters.
bool has_end_marker(std::string_view text);

/// The line of what stands behind an end marker, and is no comment; 0 when nothing does.
int line_behind_end_marker(std::string_view text);

/// Refuses what YAML does not allow but the parser would let through: invalid UTF-8 and control
/// characters. Throws DocumentError.
void check_yaml_characters(std::string_view text);

}  // namespace cpab
