#include "cpab/model/json_text.h"
#include "fuzz/other_json.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

void check_members(std::string_view object) {
  for (const auto& [key, value] : json_members(object)) {
    require(json_value(value) == value, "the text of a member is a value");
    require(json_member(object, key).has_value(), "a member that is listed is found");
  }
}

void check_elements(std::string_view array) {
  const auto elements = json_elements(array);
  require(elements.size() == other_size(array), "an array has as many elements as others see");
  for (const std::string_view element : elements) {
    require(json_value(element) == element, "the text of an element is a value");
  }
}

void check_value(std::string_view value) {
  const Verdict verdict = other_verdict(value);
  if (verdict == Verdict::unlike_ours) return;
  require(verdict == Verdict::accepted, "what we accept, others accept");
  const std::string line = json_one_line(value);
  require(line.find_first_of("\n\r") == std::string::npos, "one line is one line");
  require(mean_the_same(line, value), "one line means the same");
  require(json_string(value) == other_string(value), "a string is unescaped as by others");
  if (value.front() == '{') check_members(value);
  if (value.front() == '[') check_elements(value);
}

void check_refusal(std::string_view text, const JsonError& error) {
  const bool too_deep = std::string_view(error.what()).find("nest") != std::string_view::npos;
  require(too_deep || other_verdict(text) != Verdict::accepted, "what others accept, we accept");
}

void check_quote(std::string_view text) {
  const std::string quoted = json_quote(text);
  require(json_value(quoted) == quoted, "quoted text is a JSON value");
  require(json_quote(*json_string(quoted)) == quoted, "quoting keeps the text");
}

}  // namespace

void fuzz_json(std::string_view input) {
  check_quote(input);
  try {
    check_value(json_value(input));
  } catch (const JsonError& error) {
    check_refusal(input, error);
  }
}

}  // namespace cpab
