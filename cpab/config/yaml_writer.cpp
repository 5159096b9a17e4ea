#include "cpab/config/yaml_writer.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "cpab/config/yaml_scalar.h"
#include "cpab/model/json_text.h"
#include "cpab/model/printable.h"

namespace cpab {
namespace {

/// Of a line with a flow collection.
constexpr std::size_t longest_line = 90;

bool is_collection(const Node& node) {
  return node.kind == Node::Kind::map || node.kind == Node::Kind::list;
}

bool is_empty(const Node& node) { return node.members.empty() && node.elements.empty(); }

/// A list of objects has a line for each of them at least, however short they are.
bool holds_list_of_objects(const Node& node) {
  if (std::any_of(node.elements.begin(), node.elements.end(), is_collection)) return true;
  return std::any_of(node.members.begin(), node.members.end(),
                     [](const Member& member) { return holds_list_of_objects(member.value); });
}

/// In the order of the lines, not in that in which they take effect.
std::vector<std::reference_wrapper<const Member>> as_written(const Node& map) {
  std::vector<std::reference_wrapper<const Member>> members(map.members.begin(), map.members.end());
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& left, const Member& right) { return left.line < right.line; });
  return members;
}

std::string flow(const Node& node) {
  std::string text;
  const auto comma = [&] { return text.empty() ? "" : ", "; };
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
    case Node::Kind::integer:
    case Node::Kind::floating:
      return node.text;
    case Node::Kind::string:
      return yaml_text(node.text);
    case Node::Kind::list:
      for (const Node& element : node.elements) text += comma() + flow(element);
      return "[" + text + "]";
    case Node::Kind::map:
      break;
  }
  for (const Member& member : as_written(node)) {
    text += comma() + yaml_text(member.key) + ": " + flow(member.value);
  }
  return "{" + text + "}";
}

/// Writes lines that begin `depth` blanks from the left.
class BlockWriter {
 public:
  void member(const std::string& key, const Node& value, std::size_t depth) {
    text_ += yaml_text(key) + ":";
    const std::size_t room = longest_line - std::min(longest_line, depth + key.size() + 2);
    if (is_short(value, room)) {
      text_ += " " + flow(value) + "\n";
      return;
    }
    text_ += "\n";
    const bool is_list = value.kind == Node::Kind::list;
    begin_line(depth + (is_list ? 0 : 2));
    block(value, depth + (is_list ? 0 : 2));
  }

  std::string take() { return std::move(text_); }

 private:
  static bool is_short(const Node& node, std::size_t room) {
    if (!is_collection(node) || is_empty(node)) return true;
    return !holds_list_of_objects(node) && flow(node).size() <= room;
  }

  void begin_line(std::size_t depth) { text_ += std::string(depth, ' '); }

  /// Goes on where the first line has begun.
  void block(const Node& node, std::size_t depth) {
    bool is_first = true;
    const auto line = [&] {
      if (!is_first) begin_line(depth);
      is_first = false;
    };
    for (const Member& one : as_written(node)) {
      line();
      member(one.key, one.value, depth);
    }
    for (const Node& element : node.elements) {
      line();
      text_ += "- ";
      if (is_short(element, longest_line - std::min(longest_line, depth + 2))) {
        text_ += flow(element) + "\n";
      } else {
        block(element, depth + 2);
      }
    }
  }

  std::string text_;
};

}  // namespace

std::string quoted_scalar(std::string_view text) { return printable_json(json_quote(text)); }

std::string yaml_text(const std::string& text) {
  const bool plain_letters = std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '_' || c == '-';
  });
  const bool bare = plain_letters && !text.empty() && text[0] != '-' &&
                    plain_yaml_scalar(text).kind == Node::Kind::string;
  return bare ? text : quoted_scalar(text);
}

std::string yaml_member(const std::string& key, const Node& value) {
  BlockWriter writer;
  writer.member(key, value, 0);
  return writer.take();
}

}  // namespace cpab
