#include "cpab/io/token_file.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "cpab/io/file.h"
#include "cpab/io/logging.h"

namespace cpab {
namespace {

constexpr Duration shortest_pause{1'000};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool fits_in_header(std::string_view token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// The next line, taken off `text`.
std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

std::string content(const std::string& path) {
  try {
    return read_file(path, file_kind::token);
  } catch (const FileError& error) {
    throw TokenFileError("the token file cannot be used: " + std::string(error.what()));
  }
}

}  // namespace

TokenFile::TokenFile(std::string path, Clock& clock)
    : path_(std::move(path)),
      clock_(clock),
      stamp_(file_stamp(path_)),  // before it is read: a change in between is seen the next time
      digests_(read(path_)) {}

bool TokenFile::holds(std::string_view token) {
  const Digest shown = digest_of(token);
  const std::lock_guard lock(mutex_);
  renew();
  unsigned found = 0;
  for (const Digest& known : digests_) {
    found |= CRYPTO_memcmp(known.data(), shown.data(), shown.size()) == 0 ? 1u : 0u;
  }
  return found != 0;
}

TokenFile::Digest TokenFile::digest_of(std::string_view token) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

std::vector<TokenFile::Digest> TokenFile::read(const std::string& path) {
  std::string text = content(path);
  std::vector<Digest> digests;
  std::size_t line_number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view token = trimmed(next_line(rest));
    ++line_number;
    if (token.empty()) continue;
    if (!fits_in_header(token)) {
      throw TokenFileError("the token file " + path + " cannot be used: line " +
                           std::to_string(line_number) +
                           " holds characters no token has; write one token a line");
    }
    digests.push_back(digest_of(token));
  }
  OPENSSL_cleanse(text.data(), text.size());
  if (digests.empty()) {
    throw TokenFileError("the token file " + path +
                         " cannot be used: it is empty; write one token a line");
  }
  return digests;
}

void TokenFile::renew() {
  if (clock_.now() < next_look_) return;
  next_look_ = clock_.now() + shortest_pause;
  const FileStamp found = file_stamp(path_);
  if (found == stamp_) return;
  stamp_ = found;
  try {
    digests_ = read(path_);
    log_info("The token file " + path_ + " has changed; its tokens are accepted from now on");
  } catch (const TokenFileError& error) {
    log_warning(std::string(error.what()) + "; accepting the tokens it held before");
  }
}

}  // namespace cpab
