#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// Text that is not JSON, or a place of a document that cannot be written to.
struct DocumentError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A JSON value with value semantics, whose members keep their order. Places inside it are named
/// by JSON pointers (RFC 6901), `/metadata/name`. Reading a place that is not there, or holds
/// something else, gives the empty value of the type asked for.
class Document {
 public:
  Document();  ///< an empty object
  explicit Document(nlohmann::ordered_json tree);
  Document(const Document& other);
  Document(Document&& other) noexcept;
  Document& operator=(const Document& other);
  Document& operator=(Document&& other) noexcept;
  ~Document();

  /// Throws DocumentError.
  static Document parse(std::string_view text);

  /// One line.
  std::string text() const;

  bool is_object() const;
  bool contains(const std::string& pointer) const;
  std::string string_at(const std::string& pointer) const;
  std::optional<std::int64_t> integer_at(const std::string& pointer) const;
  std::map<std::string, std::string> strings_at(const std::string& pointer) const;
  std::vector<Document> elements_at(const std::string& pointer) const;
  Document at(const std::string& pointer) const;  ///< null when absent

  /// Write a place, making the objects on the way to it; `-` appends to an array. Throw
  /// DocumentError when something other than an object or array is in the way.
  Document& set(const std::string& pointer, const char* value);
  Document& set(const std::string& pointer, const std::string& value);
  Document& set(const std::string& pointer, std::int64_t value);
  Document& set(const std::string& pointer, std::int32_t value);
  Document& set(const std::string& pointer, bool value);
  Document& set(const std::string& pointer, const Document& value);
  Document& set(const std::string& pointer, const std::map<std::string, std::string>& value);
  Document& erase(const std::string& pointer);

  const nlohmann::ordered_json& tree() const { return *tree_; }
  nlohmann::ordered_json& tree() { return *tree_; }

  friend bool operator==(const Document& left, const Document& right);

 private:
  std::unique_ptr<nlohmann::ordered_json> tree_;  // never null, except when moved from
};

}  // namespace cpab
