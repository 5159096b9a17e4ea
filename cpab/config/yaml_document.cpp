#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

#include "cpab/config/document.h"
#include "cpab/config/yaml_scalar.h"
#include "cpab/config/yaml_text.h"

namespace cpab {
namespace {

int line_of(const YAML::Mark& mark) { return mark.line + 1; }

/// Every alias written out costs what its anchor cost, so that a few lines cannot become a
/// gigabyte.
class Allowance {
 public:
  explicit Allowance(std::size_t nodes) : nodes_(nodes) {}

  void spend(std::size_t cost, int line) {
    spent_ += cost;
    if (spent_ > nodes_) {
      fail_yaml(line,
                "more than " + std::to_string(nodes_) + " values, counting what aliases stand for");
    }
  }

  std::size_t spent() const { return spent_; }

  /// What a scalar costs: long ones count as several values.
  static std::size_t of(const std::string& text) { return 1 + text.size() / 1024; }

 private:
  const std::size_t nodes_;
  std::size_t spent_ = 0;
};

/// The text of a key. Numbers and booleans are keys as well, by what they mean.
std::string key_text(const Node& key) {
  if (key.kind == Node::Kind::null) fail_yaml(key.line, "a key is null");
  if (key.kind == Node::Kind::list || key.kind == Node::Kind::map) {
    fail_yaml(key.line, "a key is a list or a mapping");
  }
  return key.text;
}

/// Appends what `<<: {...}` or `<<: [{...}, ...]` brings; of equal keys the last one will count, so
/// the first mapping of a list, which is the stronger one, comes last.
void append_merged(const Node& source, std::vector<Member>& members) {
  const bool is_list = source.kind == Node::Kind::list;
  const bool mappings_only =
      is_list ? std::all_of(source.elements.begin(), source.elements.end(),
                            [](const Node& element) { return element.kind == Node::Kind::map; })
              : source.kind == Node::Kind::map;
  if (!mappings_only)
    fail_yaml(source.line, "map merge requires map or sequence of maps as the value");
  if (!is_list) {
    members.insert(members.end(), source.members.begin(), source.members.end());
    return;
  }
  std::for_each(source.elements.rbegin(), source.elements.rend(),
                [&](const Node& element) { append_merged(element, members); });
}

/// What is merged in may have keys that are there already, or come in from elsewhere as well.
void forget_repeats(std::vector<Member>& members) {
  for (Member& member : members) member.earlier_line = 0;
}

/// Puts `members` into the order in which they take effect, by the bytes of their keys, and keeps
/// the last of equal keys.
std::vector<Member> settled(std::vector<Member> members) {
  std::stable_sort(members.begin(), members.end(),
                   [](const Member& left, const Member& right) { return left.key < right.key; });
  std::vector<Member> kept;
  for (Member& member : members) {
    if (!kept.empty() && kept.back().key == member.key) {
      kept.back() = std::move(member);
    } else {
      kept.push_back(std::move(member));
    }
  }
  return kept;
}

/// A collection whose end has not been seen yet.
struct Open {
  Node node;
  YAML::Mark mark;  ///< where it starts
  YAML::anchor_t anchor = 0;
  bool flow = false;
  std::size_t spent_before = 0;
  std::optional<Node> key;  ///< read, its value still to come
  YAML::Mark key_mark;      ///< where its first character is
  bool key_merges = false;
  std::vector<Node> merged;  ///< the values of `<<` keys
};

/// Builds the tree from the events of one document.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const DocumentLimits& limits)
      : text_(text), limits_(limits), allowance_(limits.nodes) {
    line_starts_.push_back(0);
    for (std::size_t at = text.find('\n'); at < text.size(); at = text.find('\n', at + 1)) {
      line_starts_.push_back(at + 1);
    }
  }

  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_colon(mark);
    scalar(mark, anchor, Node{}, false);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check_indentation(mark);
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) fail_yaml(line_of(mark), "an anchor contains itself");
    allowance_.spend(known->second.cost, line_of(mark));
    add(mark, known->second.node, false);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_indentation(mark);
    const bool plain = tag == "?";
    scalar(mark, anchor, tagged(mark, tag, value), plain && value == "<<");
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, anchor, Node::Kind::list, style);
  }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, anchor, Node::Kind::map, style);
  }

  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Anchored {
    Node node;
    std::size_t cost = 0;
  };

  static Node tagged(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    if (tag == "?") return plain_yaml_scalar(value);
    if (tag.starts_with(standard) && tag != "tag:yaml.org,2002:str") {
      return tagged_as(mark, tag.substr(standard.size()), value);
    }
    Node node;
    node.kind = Node::Kind::string;
    node.text = value;
    node.source = value;
    return node;
  }

  static Node tagged_as(const YAML::Mark& mark, const std::string& type, const std::string& value) {
    Node node = plain_yaml_scalar(value);
    const bool fits = (type == "int" && node.kind == Node::Kind::integer) ||
                      (type == "bool" && node.kind == Node::Kind::boolean) ||
                      (type == "null" && node.kind == Node::Kind::null) ||
                      (type == "float" &&
                       (node.kind == Node::Kind::floating || node.kind == Node::Kind::integer));
    if (!fits) fail_yaml(line_of(mark), "cannot decode the value as a !!" + type);
    return node;
  }

  /// The parser takes tabs for indentation; YAML does not.
  void check_indentation(const YAML::Mark& mark) const {
    const bool in_flow = !open_.empty() && open_.back().flow;
    const auto line = static_cast<std::size_t>(mark.line);
    if (in_flow || line >= line_starts_.size()) return;
    const auto length = static_cast<std::size_t>(std::max(0, mark.column));
    const std::string_view before = text_.substr(line_starts_[line], length);
    if (before.find('\t') == std::string_view::npos) return;
    if (before.find_first_not_of(" \t-?:") == std::string_view::npos) {
      fail_yaml(line_of(mark), "found a tab used for indentation; use blanks");
    }
  }

  /// The parser takes `name` without a colon for a key and puts the null that it adds where the key
  /// is.
  void check_colon(const YAML::Mark& mark) const {
    if (open_.empty() || open_.back().flow || !open_.back().key) return;
    const YAML::Mark& key = open_.back().key_mark;
    if (mark.line == key.line && mark.column == key.column) {
      fail_yaml(line_of(mark), "could not find expected ':'");
    }
  }

  void scalar(const YAML::Mark& mark, YAML::anchor_t anchor, Node node, bool merges) {
    const std::size_t cost = Allowance::of(node.source);
    node.line = line_of(mark);
    allowance_.spend(cost, node.line);
    remember(anchor, node, cost);
    add(mark, std::move(node), merges);
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind,
            YAML::EmitterStyle::value style) {
    check_indentation(mark);
    if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
      fail_yaml(line_of(mark),
                "nested more than " + std::to_string(limits_.depth) + " levels deep");
    }
    Open opened;
    opened.node.kind = kind;
    opened.node.line = line_of(mark);
    opened.mark = mark;
    opened.anchor = anchor;
    opened.flow = style == YAML::EmitterStyle::Flow;
    opened.spent_before = allowance_.spent();
    allowance_.spend(1, opened.node.line);
    open_.push_back(std::move(opened));
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.node.kind == Node::Kind::map) finish_map(closed);
    remember(closed.anchor, closed.node, allowance_.spent() - closed.spent_before);
    add(closed.mark, std::move(closed.node), false);
  }

  /// The copy kept for aliases costs as much as the original; anchors may be nested.
  void remember(YAML::anchor_t anchor, const Node& node, std::size_t cost) {
    if (anchor == 0) return;
    allowance_.spend(cost, node.line);
    anchors_[anchor] = {node, cost};
  }

  static void finish_map(Open& closed) {
    std::vector<Member> members;
    for (const Node& source : closed.merged) append_merged(source, members);
    forget_repeats(members);
    note_repeats(closed.node.members);
    std::move(closed.node.members.begin(), closed.node.members.end(), std::back_inserter(members));
    closed.node.members = settled(std::move(members));
  }

  void add(const YAML::Mark& mark, Node node, bool merges) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::list) {
      open_.back().node.elements.push_back(std::move(node));
    } else if (!open_.back().key) {
      open_.back().key = std::move(node);
      open_.back().key_mark = mark;
      open_.back().key_merges = merges;
    } else {
      add_member(open_.back(), std::move(node));
    }
  }

  static void add_member(Open& map, Node value) {
    const Node key = *std::move(map.key);
    map.key.reset();
    if (map.key_merges) {
      map.merged.push_back(std::move(value));
      return;
    }
    map.node.members.push_back({key_text(key), key.line, std::move(value)});
  }

  std::string_view text_;
  const DocumentLimits& limits_;
  std::vector<std::size_t> line_starts_;
  Allowance allowance_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::vector<Open> open_;
  Node root_;
};

/// Fails at the first thing that a document holds.
class NothingExpected : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    fail_yaml(line_of(mark), "this does not belong to what stands before it");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// The parser takes what does not fit the first document (`"a" b`) for a second one.
void refuse_leftovers(YAML::Parser& parser) {
  NothingExpected nothing;
  parser.HandleNextDocument(nothing);
}

void move_down(Node& node, int lines) {
  node.line += lines;
  for (Node& element : node.elements) move_down(element, lines);
  for (Member& member : node.members) {
    member.line += lines;
    if (member.earlier_line != 0) member.earlier_line += lines;
    move_down(member.value, lines);
  }
}

/// The document as part of a text in which `lines` lines are before it.
Document moved_down(Document document, int lines) {
  move_down(document.root, lines);
  if (document.ignored_from_line != 0) document.ignored_from_line += lines;
  return document;
}

Document parse_part(std::string_view text, int lines_before, const DocumentLimits& limits) {
  try {
    return moved_down(parse_yaml(text, limits), lines_before);
  } catch (const DocumentError& error) {
    if (lines_before == 0) throw;
    throw DocumentError("in the document that begins in line " + std::to_string(lines_before + 1) +
                        ": " + error.what());
  }
}

}  // namespace

std::vector<Document> parse_yaml_documents(std::string_view text, const DocumentLimits& limits) {
  if (text.size() > limits.bytes) {
    throw DocumentError("it has " + std::to_string(text.size()) + " bytes; at most " +
                        std::to_string(limits.bytes) + " are read");
  }
  std::vector<Document> documents;
  int lines_before = 0;
  while (!text.empty()) {
    const FirstDocument first = first_document(text);
    documents.push_back(parse_part(first.text, lines_before, limits));
    if (first.next_line == 0) break;
    lines_before += first.next_line - 1;
    text.remove_prefix(first.text.size());
  }
  return documents;
}

Document parse_yaml(std::string_view text, const DocumentLimits& limits) {
  const FirstDocument first = first_document(text);
  if (yaml_marks(first.text) > limits.marks) {
    throw DocumentError("yaml: more than " + std::to_string(limits.marks) +
                        " lines, commas and brackets");
  }
  check_yaml_characters(first.text);
  std::istringstream stream(with_end_marker(first.text));
  TreeBuilder builder(first.text, limits);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    if (!has_end_marker(first.text)) refuse_leftovers(parser);
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) throw DocumentError("yaml: " + error.msg);
    fail_yaml(line_of(error.mark), error.msg);
  }
  const int behind_end = line_behind_end_marker(first.text);
  return {Language::yaml, builder.take_root(), behind_end != 0 ? behind_end : first.next_line};
}

}  // namespace cpab
