#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/config/document.h"
#include "cpab/config/report.h"
#include "cpab/model/time.h"

namespace cpab {

/// Where a document comes from.
struct Source {
  enum class Kind {
    file,
    environment,
    scenario,  ///< a file that the reference does not know
    manifest,  ///< an object of Kubernetes, which is as strict as the API server
  };

  Kind kind = Kind::file;
  std::string name;  ///< the path, or the name of the variable

  /// `/config.yaml:12`, `environment variable metric`, or of a manifest `line 12`.
  std::string at(int line) const;

  /// How the reference starts every complaint about such a document; empty for those it does not
  /// know.
  std::string_view complaint_prefix() const;
};

/// One key of an object and what to do with its value.
struct Field {
  std::string name;
  std::function<void(const Node& value, const std::string& path)> read;
  bool is_ours = false;  ///< the reference does not know it
};

/// Whether a map has `key`, whatever its case.
bool has_key(const Node& node, std::string_view key);

/// Fills values from the nodes of one document by the rules of contract section 1.4, and tells the
/// report everything that does not fit instead of stopping at the first. A null leaves scalars as
/// they are.
class Decoder {
 public:
  Decoder(Source source, Language language, Report& report);

  /// What becomes of slips, such as unknown keys: they are noted, or complained of.
  enum class Unknown { noted, refused };

  /// Hands each member to the field of that name, whatever its case unless it is a manifest; the
  /// others are unknown keys. A key that is there twice is noted where the reference takes it, and
  /// complained of where there is no reference.
  void object(const Node& node, const std::string& path, const std::vector<Field>& fields,
              Unknown unknown = Unknown::noted);

  /// A field decoded by the overload of decode() for `target`, which outlives the field.
  template <typename T>
  Field field(std::string name, T& target) {
    return {std::move(name), [this, &target](const Node& value, const std::string& path) {
              decode(*this, value, path, target);
            }};
  }

  /// One that the reference does not know.
  template <typename T>
  Field own_field(std::string name, T& target) {
    Field own = field(std::move(name), target);
    own.is_ours = true;
    return own;
  }

  void text(const Node& node, const std::string& path, std::string& target);
  void boolean(const Node& node, const std::string& path, bool& target);

  /// A whole number within [`smallest`, `largest`]; `type` is what messages call it.
  std::optional<std::int64_t> integer(const Node& node, const std::string& path,
                                      std::string_view type, std::int64_t smallest,
                                      std::int64_t largest);

  /// Complains that `node` is not a `type`; `hint` says what to write instead.
  void mismatch(const Node& node, const std::string& path, std::string_view type,
                std::string_view hint);

  /// Complains about `path`: `what` starts the sentence, `hint` ends it.
  void complain(const Node& node, const std::string& path, const std::string& what,
                std::string_view hint);

  void warn(const Node& node, const std::string& path, const std::string& what);

  /// Tells about what stands behind the document, which nobody reads.
  void note_ignored_text(const Document& document);

  /// Tells that `path` stands in a line before that of `member` as well.
  void note_repeat(const Member& member, const std::string& path, int earlier_line,
                   Unknown repeated = Unknown::noted);

  Language language() const { return language_; }

 private:
  bool is_configuration() const;
  bool is_called(const Field& field, std::string_view key) const;
  void note_slip(const std::string& slip, Unknown what);
  std::string unknown_key(const Member& member, const std::string& path,
                          const std::vector<Field>& fields) const;
  std::optional<std::int64_t> integer_value(const Node& node) const;

  Source source_;
  Language language_;
  Report& report_;
};

void decode(Decoder& decoder, const Node& node, const std::string& path, std::string& target);
void decode(Decoder& decoder, const Node& node, const std::string& path, bool& target);
void decode(Decoder& decoder, const Node& node, const std::string& path, std::int32_t& target);
void decode(Decoder& decoder, const Node& node, const std::string& path, std::int64_t& target);
void decode(Decoder& decoder, const Node& node, const std::string& path, std::size_t& target);
/// Milliseconds.
void decode(Decoder& decoder, const Node& node, const std::string& path, Duration& target);
void decode(Decoder& decoder, const Node& node, const std::string& path,
            std::chrono::seconds& target);
void decode(Decoder& decoder, const Node& node, const std::string& path,
            std::map<std::string, std::string>& target);

/// A null takes the value away; an object is merged into the one that is there.
template <typename T>
void decode(Decoder& decoder, const Node& node, const std::string& path, std::optional<T>& target) {
  if (node.kind == Node::Kind::null) {
    target.reset();
    return;
  }
  if (!target) target.emplace();
  decode(decoder, node, path, *target);
}

/// A null empties the list; a list replaces it. A null element is a zero value.
template <typename T>
void decode(Decoder& decoder, const Node& node, const std::string& path, std::vector<T>& target) {
  if (node.kind != Node::Kind::list && node.kind != Node::Kind::null) {
    decoder.mismatch(node, path, "array", "write a list, such as [a, b]");
    return;
  }
  target.clear();
  for (std::size_t i = 0; i < node.elements.size(); ++i) {
    T element{};
    decode(decoder, node.elements[i], path + "[" + std::to_string(i) + "]", element);
    target.push_back(std::move(element));
  }
}

}  // namespace cpab
