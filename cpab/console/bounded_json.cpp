#include "cpab/console/bounded_json.h"

#include <string>

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

constexpr int deepest = 16;

/// Steps over a value and counts it and those in it.
void count(JsonCursor& cursor, int depth, std::size_t& left) {
  if (depth > deepest) cursor.fail("nested more than " + std::to_string(deepest) + " levels deep");
  if (left-- == 0) cursor.fail("more values than cpab would send");
  const auto inner = [&] { count(cursor, depth + 1, left); };
  if (cursor.peek() == '{') {
    cursor.members([&](std::string_view) {
      inner();
      return true;
    });
  } else if (cursor.peek() == '[') {
    cursor.elements(inner);
  } else {
    cursor.value();
  }
}

}  // namespace

void JsonBounds::check(std::string_view json) {
  JsonCursor cursor(json);
  count(cursor, 1, left_);
  cursor.skip_space();
  if (!cursor.at_end()) cursor.fail("unexpected text after the JSON value");
}

}  // namespace cpab
