#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "cpab/model/time.h"

namespace cpab {

class Clock;

/// Why a token cannot be used. The message never holds the token.
struct TokenError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// How often the file of a token was read, the start included.
struct TokenReads {
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;

  friend bool operator==(const TokenReads&, const TokenReads&) = default;
};

/// The bearer token, which the kubelet replaces in its file about every hour. The file is read
/// again when what is known is a minute old, and at once when the API server refuses it. As long
/// as the file cannot be read, the last token stays in use. Safe to call from several threads.
class TokenSource {
 public:
  /// A token given as text; empty means requests carry none.
  explicit TokenSource(std::string token);

  /// A token in a file. Throws TokenError when it cannot be read.
  TokenSource(std::string file, Clock& clock);

  std::string token();

  /// Called after the API server refused the token: reads the file again. False when there is
  /// none, so that trying again is pointless.
  bool renew();

  /// None when the token does not come from a file.
  std::optional<TokenReads> reads();

 private:
  void read();

  const std::string file_;  ///< empty: `token_` never changes
  Clock* const clock_;
  std::mutex mutex_;
  std::string token_;  ///< guarded by mutex_
  TimePoint read_at_;  ///< guarded by mutex_
  TokenReads reads_;   ///< guarded by mutex_
};

/// Reads a token from a file: white space around it is dropped. Throws TokenError when the file
/// cannot be read, or holds no token, or something that cannot stand in an HTTP header.
std::string read_token(const std::string& file);

}  // namespace cpab
