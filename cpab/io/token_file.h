#pragma once

#include <array>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/io/clock.h"
#include "cpab/io/file_stamp.h"

namespace cpab {

/// Why no tokens could be taken from a file. The message never holds one.
struct TokenFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The tokens a server accepts, one a line of a file, white space around them ignored. Several are
/// for rotating them: add the new one, hand it out, remove the old one.
///
/// A changed file is read again, within a second. When it is missing, empty or malformed, what it
/// held before stays in use and a warning says so, once for each state of the file. Only digests
/// are kept in memory. Safe to use from several threads.
class TokenFile {
 public:
  /// The clock outlives it. Throws TokenFileError.
  TokenFile(std::string path, Clock& clock);

  /// Whether `token` is one of them; how long that takes does not depend on how much of it is
  /// right.
  bool holds(std::string_view token);

 private:
  using Digest = std::array<unsigned char, 32>;  // SHA-256: of one length, whatever the token's

  static Digest digest_of(std::string_view token);
  static std::vector<Digest> read(const std::string& path);
  void renew();

  const std::string path_;
  Clock& clock_;
  std::mutex mutex_;             // guards everything below
  FileStamp stamp_;              // of the file when it was last looked into
  std::vector<Digest> digests_;  // of the tokens
  TimePoint next_look_{};
};

}  // namespace cpab
