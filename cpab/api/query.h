#pragma once

#include <optional>
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

  /// The first parameter of that name; none when absent.
  std::optional<std::string> find(std::string_view name) const;

  /// A boolean in the spellings of Go's strconv.ParseBool; absent and empty are false. Throws
  /// QueryError.
  bool flag(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace cpab
