#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cpab {

/// The query of a request cannot be read, or a parameter has a value it cannot have. The message
/// is what the client is told.
struct QueryError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The parameters of one request. The reference drops what it cannot read, which turns a mistyped
/// dry run into a real scaling; here that is an error.
class Query {
 public:
  /// Throws QueryError on a bad percent escape or a `;`.
  explicit Query(std::string_view text);

  /// Throws QueryError when there is a parameter of another name, and says which of `names` may be
  /// meant: a misspelt one would not do what it was given for.
  void allow_only(std::span<const std::string_view> names) const;

  /// The first parameter of that name; none when absent.
  std::optional<std::string> find(std::string_view name) const;

  /// Whether the first parameter of that name is given without `=` and a value.
  bool is_bare(std::string_view name) const;

  /// A boolean in the spellings of Go's strconv.ParseBool; absent and empty are false. Throws
  /// QueryError, also for a bare name, which might be meant to be true.
  bool flag(std::string_view name) const;

 private:
  struct Parameter {
    std::string name;
    std::string value;
    bool bare = false;
  };

  const Parameter* first(std::string_view name) const;

  std::vector<Parameter> parameters_;
};

}  // namespace cpab
