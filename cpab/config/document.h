#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/yaml_marks.h"

namespace cpab {

struct Member;

/// One value of a configuration document, whichever language it was written in.
struct Node {
  enum class Kind { null, boolean, integer, floating, string, list, map };

  Kind kind = Kind::null;
  /// What the value is as text: the content of a string, `true`/`false`, an integer in decimal
  /// (`0x10` -> `16`), a float in its shortest form (`1.50` -> `1.5`); empty for the others.
  std::string text;
  std::string source;  ///< a scalar as it was written
  double number = 0;   ///< of a `floating`
  int line = 1;
  std::vector<Node> elements;   ///< of a `list`
  std::vector<Member> members;  ///< of a `map`, in the order in which they take effect
};

struct Member {
  std::string key;
  int line = 1;  ///< of the key
  Node value;
  int earlier_line = 0;  ///< of an equal key before it in the same map; 0 when there is none
};

/// Tells each of `members`, in the order in which they were written, about the equal key before it.
void note_repeats(std::vector<Member>& members);

/// The name of the kind as error messages have it: `string`, `number`, `bool`, `array`, `object`,
/// `null`.
std::string_view kind_name(Node::Kind kind);

enum class Language { yaml, json };

struct Document {
  Language language = Language::yaml;
  Node root;
  /// The line where something stands behind the document that is not read; 0 when nothing does.
  int ignored_from_line = 0;
};

/// Text that is neither YAML nor JSON, or more of it than anybody would write by hand. The message
/// names the line where one is to blame.
struct DocumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Bounds that keep hostile documents from hurting; a configuration is far below all of them.
struct DocumentLimits {
  std::size_t bytes = 1u << 20;  ///< what a ConfigMap may hold
  int depth = 100;
  std::size_t nodes = 100'000;          ///< with every alias written out
  std::size_t marks = most_yaml_marks;  ///< see yaml_marks()
};

/// Reads one document (contract section 1.4): strict JSON when the first thing that is not white
/// space is a `{` within the first ten bytes, otherwise YAML 1.1. Throws DocumentError.
Document parse_document(std::string_view text);

/// The two languages by themselves; parse_document chooses. `text` is not empty.
Document parse_yaml(std::string_view text, const DocumentLimits& limits = {});
Document parse_json(std::string_view text, const DocumentLimits& limits = {});

/// Each document of `text` as YAML, of which JSON is a part. Throws DocumentError.
std::vector<Document> parse_yaml_documents(std::string_view text, const DocumentLimits& limits);

}  // namespace cpab
