#include "cpab/model/json_writer.h"

#include <array>
#include <charconv>

namespace cpab {

JsonWriter& JsonWriter::add(std::string_view key, std::string_view value) {
  text_ += text_.empty() ? '{' : ',';
  append_json_quoted(text_, key);
  text_ += ':';
  text_ += value;
  return *this;
}

JsonWriter& JsonWriter::add_text(std::string_view key, std::string_view value) {
  return add_with(key, [&](std::string& text) { append_json_quoted(text, value); });
}

JsonWriter& JsonWriter::add_number(std::string_view key, std::int64_t value) {
  return add(key, std::to_string(value));
}

JsonWriter& JsonWriter::add_bool(std::string_view key, bool value) {
  return add(key, value ? "true" : "false");
}

JsonWriter& JsonWriter::add_double(std::string_view key, double value) {
  std::array<char, 32> room{};
  const char* const end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
  const std::string_view text(room.data(), static_cast<std::size_t>(end - room.data()));
  add(key, text);
  if (text.find_first_of(".e") == text.npos) text_ += ".0";
  return *this;
}

JsonWriter& JsonWriter::add_list(std::string_view key, const std::vector<std::string>& items) {
  return add_with(key, [&](std::string& text) {
    text += '[';
    for (const std::string& item : items) {
      if (&item != &items.front()) text += ',';
      text += item;
    }
    text += ']';
  });
}

std::string JsonWriter::finish() {
  text_ += text_.empty() ? "{}" : "}";
  return std::move(text_);
}

}  // namespace cpab
