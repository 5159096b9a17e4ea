#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/masking.h"

namespace cpab {

/// Takes secrets that are known out of texts that others have written: a page of errors that
/// echoes the request, the standard error of a program that prints its arguments.
class Redaction {
 public:
  Redaction() = default;

  /// Of values that only may be secrets, those that could be a password or token. A value of less
  /// than six bytes is none: it would be found where nobody has meant it.
  explicit Redaction(const std::vector<HiddenValue>& hidden);

  /// `text` with `***` in the place of each secret, as it is or as JSON, URLs and the header
  /// Authorization write it; also of eight bytes and more of one at an end of the text or at `...`,
  /// where it may have been cut.
  std::string operator()(std::string text) const;

 private:
  void add(const std::string& secret);
  void add_forms(const std::string& secret);

  std::vector<std::string> secrets_;  // the longest first
};

}  // namespace cpab
