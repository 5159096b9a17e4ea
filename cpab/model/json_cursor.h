#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cpab {

/// Text that is not the JSON it should be; the message names the byte offset.
struct JsonError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The content of `quoted`, a JSON string that a cursor has stepped over, unescaped.
std::string json_unescaped(std::string_view quoted);

/// A place in a JSON document that only moves forward and checks every byte it passes against the
/// grammar (RFC 8259). For large documents: they are walked over once, however deep one looks.
///
///     JsonCursor cursor(R"({"name":"web","spec":{}})");
///     cursor.members([&](std::string_view key) {
///       const std::string_view value = cursor.value();
///       if (key == "name") name = value;
///       return true;
///     });
///
/// All functions throw JsonError on malformed text, and nesting beyond 512 levels. What they return
/// points into the text.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) { skip_space(); }

  bool at_end() const { return at_ == text_.size(); }

  /// The first character of what comes next; 0 at the end.
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  /// Steps over any value and returns its text.
  std::string_view value();

  /// Steps over a string and returns it, quotes included.
  std::string_view string();

  /// Steps over an object. `visit(key)`, called with the unescaped key in front of each value, has
  /// to step over that value. When it returns false the walk is over, and so is the cursor's use.
  template <typename Visit>
  void members(Visit visit) {
    std::string unescaped;
    for (bool more = begin('{', '}'); more; more = next('}')) {
      const std::string_view key = this->key(unescaped);
      if (!visit(key)) return;
    }
  }

  /// Steps over an array. `visit()`, called in front of each element, has to step over it.
  template <typename Visit>
  void elements(Visit visit) {
    for (bool more = begin('[', ']'); more; more = next(']')) visit();
  }

  /// Steps over what `visit()` steps over and returns its text.
  template <typename Visit>
  std::string_view text_of(Visit visit) {
    const std::size_t start = at_;
    visit();
    return text_.substr(start, at_ - start);
  }

  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  [[noreturn]] void fail(const std::string& what) const;

 private:
  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

  bool begin(char open, char close);
  bool next(char close);
  std::string_view key(std::string& unescaped);
  void expect(char c);
  bool accept(char c);
  void object();
  void array();
  void plain_characters();
  void escape();
  void multi_byte_character();
  void literal(std::string_view word);
  void number();
  void digits();

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace cpab
