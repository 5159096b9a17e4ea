#include "cpab/config/decoder.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "cpab/config/display.h"
#include "cpab/model/closest.h"
#include "cpab/model/masking.h"

namespace cpab {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char left, char right) { return lower(left) == lower(right); });
}

std::string child_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// `string "ten"`, `number 5.5`, `array`.
std::string shown(const Node& node, const std::string& path) {
  const std::string kind(kind_name(node.kind));
  if (node.kind == Node::Kind::string) return kind + " " + quoted(masked_at(path, node.text));
  return node.source.empty() ? kind : kind + " " + escaped(masked_at(path, node.source));
}

bool is_scalar(const Node& node) {
  return node.kind == Node::Kind::boolean || node.kind == Node::Kind::integer ||
         node.kind == Node::Kind::floating;
}

/// `010`, which YAML 1.1 reads as 8.
bool is_leading_zero_octal(const Node& node) {
  std::string_view source = node.source;
  if (source.starts_with('-') || source.starts_with('+')) source.remove_prefix(1);
  return node.kind == Node::Kind::integer && source.size() > 1 && source[0] == '0' &&
         source[1] >= '0' && source[1] <= '7';
}

constexpr std::int64_t largest_int64 = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string Source::at(int line) const {
  if (kind == Kind::environment) return "environment variable " + name;
  if (kind == Kind::manifest) return "line " + std::to_string(line);
  return name + ":" + std::to_string(line);
}

std::string_view Source::complaint_prefix() const {
  switch (kind) {
    case Kind::file:
      return "Fail to parse configuration: invalid format of YAML/JSON configuration: ";
    case Kind::environment:
      return "Fail to parse configuration: invalid format of YAML/JSON field value: ";
    case Kind::scenario:
    case Kind::manifest:
      return "";
  }
  return "";
}

bool has_key(const Node& node, std::string_view key) {
  return std::any_of(node.members.begin(), node.members.end(),
                     [&](const Member& member) { return equal_ignoring_case(member.key, key); });
}

Decoder::Decoder(Source source, Language language, Report& report)
    : source_(std::move(source)), language_(language), report_(report) {}

void Decoder::object(const Node& node, const std::string& path, const std::vector<Field>& fields,
                     Unknown unknown) {
  if (node.kind == Node::Kind::null) return;
  if (node.kind != Node::Kind::map) {
    mismatch(node, path, "object", "write keys and values");
    return;
  }
  std::map<std::string_view, int> lines;
  for (const Member& member : node.members) {
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& candidate) {
      return is_called(candidate, member.key);
    });
    if (field == fields.end()) {
      note_slip(unknown_key(member, path, fields), unknown);
      continue;
    }
    const std::string child = child_path(path, field->name);
    const int other_spelling = std::exchange(lines[field->name], member.line);
    note_repeat(member, child, member.earlier_line != 0 ? member.earlier_line : other_spelling,
                field->is_ours ? Unknown::refused : unknown);
    report_.origins.set(child, source_.at(member.line));
    field->read(member.value, child);
  }
}

bool Decoder::is_configuration() const {
  return source_.kind == Source::Kind::file || source_.kind == Source::Kind::environment;
}

bool Decoder::is_called(const Field& field, std::string_view key) const {
  if (source_.kind == Source::Kind::manifest) return field.name == key;
  return equal_ignoring_case(field.name, key);
}

void Decoder::note_slip(const std::string& slip, Unknown what) {
  if (what == Unknown::noted) return report_.slips.push_back(slip);
  report_.complaints.push_back((is_configuration() ? "Invalid configuration: " : "") + slip);
}

void Decoder::note_repeat(const Member& member, const std::string& path, int earlier_line,
                          Unknown repeated) {
  if (earlier_line == 0) return;
  const std::string first = source_.at(earlier_line);
  const std::string second = source_.at(member.line);
  const bool refused = repeated == Unknown::refused || !is_configuration();
  note_slip("key " + quoted(path) + " is there twice (" + first +
                (first == second ? ")" : " and " + second + ")") + "; " +
                (refused ? ""
                         : "that of line " + std::to_string(member.line) +
                               " counts over that of line " + std::to_string(earlier_line) + "; ") +
                "keep one of them",
            refused ? Unknown::refused : Unknown::noted);
}

std::string Decoder::unknown_key(const Member& member, const std::string& path,
                                 const std::vector<Field>& fields) const {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Field& field : fields) names.push_back(field.name);
  const auto meant = closest(member.key, names);
  return "unknown key " + quoted(child_path(path, masked_key(member.key))) + " (" +
         source_.at(member.line) + ")" + (meant ? "; did you mean " + *meant + "?" : std::string());
}

void Decoder::text(const Node& node, const std::string& path, std::string& target) {
  if (node.kind == Node::Kind::null) return;
  const bool coerced =
      is_scalar(node) && language_ == Language::yaml && source_.kind != Source::Kind::manifest;
  if (node.kind != Node::Kind::string && !coerced) {
    mismatch(node, path, "string", is_scalar(node) ? "put it in quotes" : "write plain text");
    return;
  }
  if (coerced && node.text != node.source) {
    warn(node, path,
         "YAML 1.1 reads " + escaped(masked_at(path, node.source)) + " as the " +
             std::string(kind_name(node.kind)) + " " + escaped(masked_at(path, node.text)) +
             "; put it in quotes if the text was meant");
  }
  target = node.text;
}

void Decoder::boolean(const Node& node, const std::string& path, bool& target) {
  if (node.kind == Node::Kind::null) return;
  if (node.kind == Node::Kind::boolean) {
    target = node.text == "true";
  } else {
    mismatch(node, path, "bool", "write true or false, without quotes");
  }
}

std::optional<std::int64_t> Decoder::integer(const Node& node, const std::string& path,
                                             std::string_view type, std::int64_t smallest,
                                             std::int64_t largest) {
  if (node.kind == Node::Kind::null) return std::nullopt;
  const auto value = integer_value(node);
  if (!value || *value < smallest || *value > largest) {
    mismatch(node, path, type,
             "write a whole number from " + std::to_string(smallest) + " to " +
                 std::to_string(largest) + ", without quotes");
    return std::nullopt;
  }
  if (language_ == Language::yaml && is_leading_zero_octal(node)) {
    warn(node, path,
         "YAML 1.1 reads " + node.source + " as the octal number " + node.text +
             "; drop the leading zero if the decimal number was meant");
  }
  return value;
}

/// JSON has whole numbers only as plain digits; in YAML `5.0` and `1e3` are whole as well.
std::optional<std::int64_t> Decoder::integer_value(const Node& node) const {
  if (node.kind == Node::Kind::integer) {
    std::int64_t value = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
  }
  if (node.kind != Node::Kind::floating || language_ == Language::json) return std::nullopt;
  constexpr double limit = 9223372036854775808.0;  // 2^63
  const bool whole = std::trunc(node.number) == node.number && std::fabs(node.number) < limit;
  return whole ? std::optional(static_cast<std::int64_t>(node.number)) : std::nullopt;
}

void Decoder::mismatch(const Node& node, const std::string& path, std::string_view type,
                       std::string_view hint) {
  const std::string name = path.empty() ? "the configuration" : path;
  // Text in the place of an object may be a whole quoted method, headers included.
  const std::string value =
      type == "object" ? std::string(kind_name(node.kind)) : shown(node, path);
  complain(node, path,
           "cannot unmarshal " + value + " into " + name + " of type " + std::string(type), hint);
}

void Decoder::complain(const Node& node, const std::string& path, const std::string& what,
                       std::string_view hint) {
  report_.broken.insert(path);
  report_.complaints.push_back(std::string(source_.complaint_prefix()) + what + " (" +
                               source_.at(node.line) + "); " + std::string(hint));
}

void Decoder::warn(const Node& node, const std::string& path, const std::string& what) {
  report_.warnings.push_back(path + " (" + source_.at(node.line) + "): " + what);
}

void Decoder::note_ignored_text(const Document& document) {
  if (document.ignored_from_line == 0) return;
  const std::string text =
      source_.at(document.ignored_from_line) + ": only the first document is read; ";
  if (is_configuration()) {
    report_.warnings.push_back(text + "all from this line on is ignored");
  } else {
    report_.complaints.push_back(text + "remove all from this line on");
  }
}

void decode(Decoder& decoder, const Node& node, const std::string& path, std::string& target) {
  decoder.text(node, path, target);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, bool& target) {
  decoder.boolean(node, path, target);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, std::int32_t& target) {
  using Limits = std::numeric_limits<std::int32_t>;
  const auto value = decoder.integer(node, path, "int32", Limits::min(), Limits::max());
  if (value) target = static_cast<std::int32_t>(*value);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, std::int64_t& target) {
  const auto value = decoder.integer(node, path, "int64", -largest_int64 - 1, largest_int64);
  if (value) target = *value;
}

void decode(Decoder& decoder, const Node& node, const std::string& path, std::size_t& target) {
  const auto value = decoder.integer(node, path, "int64", 0, largest_int64);
  if (value) target = static_cast<std::size_t>(*value);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, Duration& target) {
  std::int64_t count = target.count();
  decode(decoder, node, path, count);
  target = Duration(count);
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            std::chrono::seconds& target) {
  std::int64_t count = target.count();
  decode(decoder, node, path, count);
  target = std::chrono::seconds(count);
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            std::map<std::string, std::string>& target) {
  if (node.kind == Node::Kind::null) {
    target.clear();
    return;
  }
  if (node.kind != Node::Kind::map) {
    decoder.mismatch(node, path, "object", "write names and values");
    return;
  }
  for (const Member& member : node.members) {
    const std::string child = child_path(path, member.key);
    decoder.note_repeat(member, child_path(path, masked_key(member.key)), member.earlier_line);
    std::string& value = target[member.key];
    value.clear();
    decode(decoder, member.value, child, value);
  }
}

}  // namespace cpab
