#include "cpab/model/secret_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cpab/model/ascii.h"

namespace cpab {
namespace {

/// Wherever they occur in a name.
constexpr std::array<std::string_view, 11> telling_parts = {
    "password", "passwd", "passphrase",    "secret", "token",     "credential",
    "apikey",   "cookie", "authorization", "oauth",  "accesskey",
};

/// As a word of their own: a monkey holds no key.
constexpr std::array<std::string_view, 13> telling_words = {
    "auth", "bearer", "jwt",     "key", "keys", "pass",      "pat",
    "pwd",  "pw",     "session", "sid", "sig",  "signature",
};

/// What the last word of a name is when the value only leads to the secret, or measures it.
constexpr std::array<std::string_view, 13> harmless_ends = {
    "count", "dir",  "file", "folder",  "interval", "length", "limit",
    "name",  "path", "rate", "seconds", "size",     "ttl",
};

constexpr std::array<std::string_view, 3> measuring_words = {"max", "min", "per"};

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// `X-Api-Key`, `api_key` and `apiKey` are `api` and `key`.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  char before = '\0';
  for (const char c : name) {
    const bool begins = !words.back().empty() &&
                        (!is_letter_or_digit(c) || (is_upper_letter(c) && is_lower_letter(before)));
    if (begins) words.emplace_back();
    if (is_letter_or_digit(c)) words.back() += lower(c);
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool has_telling_part(std::string_view word) {
  return std::any_of(telling_parts.begin(), telling_parts.end(), [&](std::string_view part) {
    return word.find(part) != std::string_view::npos;
  });
}

bool only_leads_to_secret(const std::vector<std::string>& words) {
  return is_one_of(words.back(), harmless_ends) ||
         std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return is_one_of(word, measuring_words); });
}

}  // namespace

bool names_secret(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  const bool telling = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return has_telling_part(word) || is_one_of(word, telling_words);
  });
  return telling && !only_leads_to_secret(words);
}

bool is_credential_header(std::string_view name) {
  return names_secret(name) || lower(name) == "www-authenticate";
}

bool carries_credentials(std::string_view value) {
  const std::string scheme = lower(value.substr(0, value.find(' ')));
  return scheme.size() < value.size() && (scheme == "basic" || scheme == "bearer");
}

bool looks_random(std::string_view word) {
  constexpr std::size_t shortest = 16;
  constexpr int fewest_letters = 3;
  constexpr int fewest_digits = 2;
  std::size_t run = 0;
  int letters = 0;
  int digits = 0;
  for (const char c : word) {
    if (!is_letter_or_digit(c)) {
      run = 0;
      letters = digits = 0;
      continue;
    }
    ++run;
    ++(is_digit(c) ? digits : letters);
    if (run >= shortest && letters >= fewest_letters && digits >= fewest_digits) return true;
  }
  return false;
}

bool looks_like_credential(std::string_view value) {
  constexpr std::size_t shortest = 6;
  constexpr std::string_view marks = "_-.+/=~:!@#$%^&*";
  const auto fits = [&](char c) { return is_letter_or_digit(c) || marks.find(c) != marks.npos; };
  return value.size() >= shortest && std::all_of(value.begin(), value.end(), fits) &&
         std::any_of(value.begin(), value.end(), is_letter) &&
         std::any_of(value.begin(), value.end(), is_digit);
}

}  // namespace cpab
