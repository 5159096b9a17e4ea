#include "cpab/kubernetes/token_source.h"

#include <algorithm>
#include <utility>

#include "cpab/io/clock.h"
#include "cpab/io/file.h"

namespace cpab {
namespace {

constexpr std::chrono::seconds max_age{60};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool fits_in_header(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string content(const std::string& file) {
  try {
    return read_file(file, file_kind::token);
  } catch (const FileError& error) {
    throw TokenError(error.what());
  }
}

}  // namespace

std::string read_token(const std::string& file) {
  const std::string text = content(file);
  const std::string_view token = trimmed(text);
  if (token.empty()) throw TokenError("token file " + file + " is empty");
  if (!fits_in_header(token)) {
    throw TokenError("token file " + file + " does not hold a token: unexpected characters");
  }
  return std::string(token);
}

TokenSource::TokenSource(std::string token) : clock_(nullptr), token_(std::move(token)) {
  if (!fits_in_header(token_)) throw TokenError("the token holds characters no token has");
}

TokenSource::TokenSource(std::string file, Clock& clock)
    : file_(std::move(file)),
      clock_(&clock),
      token_(read_token(file_)),
      read_at_(clock.now()),
      reads_{.succeeded = 1} {}

std::string TokenSource::token() {
  const std::lock_guard lock(mutex_);
  if (!file_.empty() && clock_->now() - read_at_ >= max_age) read();
  return token_;
}

bool TokenSource::renew() {
  const std::lock_guard lock(mutex_);
  if (file_.empty()) return false;
  read();
  return true;
}

std::optional<TokenReads> TokenSource::reads() {
  const std::lock_guard lock(mutex_);
  return file_.empty() ? std::nullopt : std::optional(reads_);
}

// A file that is being replaced may be missing for a moment; what is known may still be good.
void TokenSource::read() {
  read_at_ = clock_->now();
  try {
    token_ = read_token(file_);
    ++reads_.succeeded;
  } catch (const TokenError&) {
    ++reads_.failed;
  }
}

}  // namespace cpab
