#include <algorithm>
#include <charconv>

#include "cpab/config/document.h"
#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

/// The first value of `text`, which starts with a bracket: up to the bracket that closes it. What
/// is between them is not checked here.
std::string_view first_value(std::string_view text, const DocumentLimits& limits) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = text.find('{'); at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits.depth) {
        throw DocumentError("json: nested more than " + std::to_string(limits.depth) +
                            " levels deep");
      }
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return text.substr(0, at + 1);
    }
  }
  throw DocumentError("unexpected EOF");
}

/// The line of the first thing in `text` at `from` or behind it; 0 when nothing is there.
int line_behind(std::string_view text, std::size_t from) {
  const auto rest = text.find_first_not_of(" \t\n\v\f\r", from);
  if (rest == std::string_view::npos) return 0;
  return 1 +
         static_cast<int>(std::count(text.begin(), text.begin() + static_cast<long>(rest), '\n'));
}

class JsonReader {
 public:
  JsonReader(std::string_view text, const DocumentLimits& limits) : text_(text), limits_(limits) {
    for (std::size_t at = text.find('\n'); at < text.size(); at = text.find('\n', at + 1)) {
      line_ends_.push_back(at);
    }
  }

  Node read(std::string_view value) {
    if (++nodes_ > limits_.nodes) {
      throw DocumentError("json: more than " + std::to_string(limits_.nodes) + " values");
    }
    Node node;
    node.line = line_of(value);
    switch (value.front()) {
      case '{':
        read_members(value, node);
        break;
      case '[':
        read_elements(value, node);
        break;
      case '"':
        read_string(value, node);
        break;
      case 'n':
        break;
      case 't':
      case 'f':
        read_plain(value, Node::Kind::boolean, node);
        break;
      default:
        read_number(value, node);
    }
    return node;
  }

 private:
  int line_of(std::string_view value) const {
    const auto offset = static_cast<std::size_t>(value.data() - text_.data());
    const auto end = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
    return 1 + static_cast<int>(end - line_ends_.begin());
  }

  void read_members(std::string_view value, Node& node) {
    node.kind = Node::Kind::map;
    for (auto& [key, member] : json_members(value)) {
      Node child = read(member);
      const int line = child.line;
      node.members.push_back({key, line, std::move(child)});
    }
    note_repeats(node.members);
  }

  void read_elements(std::string_view value, Node& node) {
    node.kind = Node::Kind::list;
    for (const std::string_view element : json_elements(value)) {
      node.elements.push_back(read(element));
    }
  }

  static void read_string(std::string_view value, Node& node) {
    node.kind = Node::Kind::string;
    node.text = json_string(value).value_or(std::string());
    node.source = node.text;
  }

  static void read_plain(std::string_view value, Node::Kind kind, Node& node) {
    node.kind = kind;
    node.text = value;
    node.source = value;
  }

  static void read_number(std::string_view value, Node& node) {
    const bool plain = value.find_first_of(".eE") == std::string_view::npos;
    read_plain(value, plain ? Node::Kind::integer : Node::Kind::floating, node);
    std::from_chars(value.data(), value.data() + value.size(), node.number);
  }

  std::string_view text_;
  const DocumentLimits& limits_;
  std::vector<std::size_t> line_ends_;
  std::size_t nodes_ = 0;
};

}  // namespace

Document parse_json(std::string_view text, const DocumentLimits& limits) {
  const std::string_view first = first_value(text, limits);
  const std::string repaired = utf8_repaired(first);
  try {
    JsonReader reader(repaired, limits);
    return {Language::json, reader.read(json_value(repaired)), line_behind(text, first.size())};
  } catch (const JsonError& error) {
    throw DocumentError("json: " + std::string(error.what()));
  }
}

}  // namespace cpab
