#include "cpab/io/chunked_body.h"

#include <algorithm>
#include <charconv>

namespace cpab {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_visible(char c) { return c > ' ' && c <= '~'; }

bool is_token_character(char c) {
  constexpr std::string_view separators = "\"(),/:;<=>?@[\\]{}";
  return is_visible(c) && separators.find(c) == std::string_view::npos;
}

/// Takes a token off the beginning of `text`. False: there is none.
bool skip_token(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
  const auto length = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(length);
  return length > 0;
}

bool skip(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

/// The rest of a quoted text, behind its first quote.
bool skip_quoted(std::string_view& text) {
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return true;
    if (c == '\\' && !text.empty()) text.remove_prefix(1);
  }
  return false;
}

/// `;name`, `;name=token`, `;name="text"`, any number of them.
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    if (!skip(text, ';') || !skip_token(text)) return false;
    if (skip(text, '=') && !(skip(text, '"') ? skip_quoted(text) : skip_token(text))) return false;
  }
  return true;
}

/// `name: value`; a line that goes on from the one before begins with space instead.
bool is_trailer(std::string_view line) { return skip_token(line) && skip(line, ':'); }

/// Whether the line has no other characters than those of which nobody makes the end of a line, or
/// of a text.
bool is_plain(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return is_visible(c) || c == ' ' || c == '\t'; });
}

}  // namespace

ChunkedBody::Progress ChunkedBody::read(std::string_view& input) {
  Progress progress = Progress::needs_more;
  while (progress == Progress::needs_more && !input.empty()) {
    const std::size_t before = input.size();
    progress = part_ == Part::data ? read_data(input) : read_line(input);
    if (input.size() == before) break;
  }
  return progress;
}

ChunkedBody::Progress ChunkedBody::read_data(std::string_view& input) {
  const auto count = std::min<std::uint64_t>(missing_, input.size());
  body_.append(input.substr(0, count));
  input.remove_prefix(count);
  missing_ -= count;
  if (missing_ == 0) part_ = Part::data_end;
  return Progress::needs_more;
}

ChunkedBody::Progress ChunkedBody::read_line(std::string_view& input) {
  const std::size_t length = input.substr(0, max_line_bytes).find(line_end);
  if (length == std::string_view::npos) {
    return input.size() < max_line_bytes ? Progress::needs_more : Progress::malformed;
  }
  const std::string_view line = input.substr(0, length);
  input.remove_prefix(length + line_end.size());
  if (!is_plain(line)) return Progress::malformed;
  if (part_ == Part::size) return size_line(line);
  if (part_ == Part::trailer) {
    if (line.empty()) return Progress::complete;
    return is_trailer(line) ? Progress::needs_more : Progress::malformed;
  }
  part_ = Part::size;
  return line.empty() ? Progress::needs_more : Progress::malformed;
}

ChunkedBody::Progress ChunkedBody::size_line(std::string_view line) {
  const char* const line_begin = line.data();
  const auto [end, error] = std::from_chars(line_begin, line_begin + line.size(), missing_, 16);
  if (error != std::errc()) return Progress::malformed;
  if (!are_extensions(line.substr(static_cast<std::size_t>(end - line_begin)))) {
    return Progress::malformed;
  }
  if (missing_ > max_bytes_ - body_.size()) return Progress::too_large;
  part_ = missing_ == 0 ? Part::trailer : Part::data;
  return Progress::needs_more;
}

}  // namespace cpab
