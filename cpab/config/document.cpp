#include "cpab/config/document.h"

#include <map>
#include <utility>

namespace cpab {
namespace {

/// The reference looks at this many bytes to tell JSON from YAML, so that `{interval: 5}` behind a
/// comment or ten blanks is a YAML flow mapping.
constexpr std::size_t sniffed_bytes = 10;

bool looks_like_json(std::string_view text) {
  const auto first = text.substr(0, sniffed_bytes).find_first_not_of(" \t\n\v\f\r");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

void note_repeats(std::vector<Member>& members) {
  std::map<std::string_view, int> lines;
  for (Member& member : members) {
    const auto [known, is_new] = lines.try_emplace(member.key, member.line);
    if (!is_new) member.earlier_line = std::exchange(known->second, member.line);
  }
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return "bool";
    case Node::Kind::integer:
      return "number";
    case Node::Kind::floating:
      return "number";
    case Node::Kind::string:
      return "string";
    case Node::Kind::list:
      return "array";
    case Node::Kind::map:
      return "object";
  }
  return "";
}

Document parse_document(std::string_view text) {
  if (text.empty()) throw DocumentError("EOF");
  const DocumentLimits limits;
  if (text.size() > limits.bytes) {
    throw DocumentError("the document has " + std::to_string(text.size()) + " bytes; at most " +
                        std::to_string(limits.bytes) + " are read");
  }
  return looks_like_json(text) ? parse_json(text) : parse_yaml(text);
}

}  // namespace cpab
