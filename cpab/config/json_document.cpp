#include <algorithm>
#include <charconv>

#include "cpab/config/document.h"
#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

/// The first value of `text`, which starts with a bracket: up to the bracket that closes it. What
/// is between them is not checked here.
std::string_view first_value(std::string_view text) {
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
      if (++depth > DocumentLimits::depth) {
        throw DocumentError("json: nested more than " + std::to_string(DocumentLimits::depth) +
                            " levels deep");
      }
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return text.substr(0, at + 1);
    }
  }
  throw DocumentError("unexpected EOF");
}

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {
    for (std::size_t at = text.find('\n'); at < text.size(); at = text.find('\n', at + 1)) {
      line_ends_.push_back(at);
    }
  }

  Node read(std::string_view value) {
    if (++nodes_ > DocumentLimits::nodes) {
      throw DocumentError("json: more than " + std::to_string(DocumentLimits::nodes) + " values");
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
  std::vector<std::size_t> line_ends_;
  std::size_t nodes_ = 0;
};

}  // namespace

Document parse_json(std::string_view text) {
  const std::string repaired = utf8_repaired(first_value(text));
  try {
    JsonReader reader(repaired);
    return {Language::json, reader.read(json_value(repaired)), 0};
  } catch (const JsonError& error) {
    throw DocumentError("json: " + std::string(error.what()));
  }
}

}  // namespace cpab
