#include "cpab/model/redaction.h"

#include <algorithm>

#include "cpab/model/base64.h"
#include "cpab/model/json_text.h"
#include "cpab/model/percent.h"
#include "cpab/model/replaced.h"
#include "cpab/model/secret_names.h"

namespace cpab {
namespace {

/// What follows the scheme in `Bearer abc`; empty without one.
std::string without_scheme(const std::string& value) {
  const auto blank = value.find(' ');
  return blank == std::string::npos ? std::string() : value.substr(blank + 1);
}

/// The password in `Basic bWU6cHc=`, and what is around it; empty when it is no such value.
std::string basic_credentials(const std::string& value) {
  return base64_decode(without_scheme(value)).value_or("");
}

std::string password_of(const std::string& credentials) {
  const auto colon = credentials.find(':');
  return colon == std::string::npos ? std::string() : credentials.substr(colon + 1);
}

constexpr std::string_view cut_mark = "...";
constexpr std::size_t shortest_remains = 8;

/// How many bytes at the start of `text` are the end of `secret`.
std::size_t remains_at_start(std::string_view text, std::string_view secret) {
  for (secret.remove_prefix(1); secret.size() >= shortest_remains; secret.remove_prefix(1)) {
    if (text.starts_with(secret)) return secret.size();
  }
  return 0;
}

/// How many bytes at the end of `text` are the start of `secret`.
std::size_t remains_at_end(std::string_view text, std::string_view secret) {
  for (secret.remove_suffix(1); secret.size() >= shortest_remains; secret.remove_suffix(1)) {
    if (text.ends_with(secret)) return secret.size();
  }
  return 0;
}

std::string without_remains(std::string_view text, std::string_view secret) {
  const std::size_t first = remains_at_start(text, secret);
  const std::size_t last = remains_at_end(text.substr(first), secret);
  return std::string(first > 0 ? mask : "") +
         std::string(text.substr(first, text.size() - first - last)) +
         std::string(last > 0 ? mask : "");
}

/// `text` with `***` for what is left of a secret where the text was cut: at its ends, and at
/// `...`.
std::string without_cut(std::string_view text, std::string_view secret) {
  if (secret.size() <= shortest_remains) return std::string(text);
  std::string result;
  while (true) {
    const auto end = text.find(cut_mark);
    result += without_remains(text.substr(0, end), secret);
    if (end == std::string_view::npos) return result;
    result += cut_mark;
    text.remove_prefix(end + cut_mark.size());
  }
}

}  // namespace

Redaction::Redaction(const std::vector<HiddenValue>& hidden) {
  for (const auto& [text, certain] : hidden) {
    if (!certain && !looks_like_credential(text)) continue;
    const std::string basic = basic_credentials(text);
    for (const std::string& secret : {text, without_scheme(text), basic, password_of(basic)}) {
      add_forms(secret);
      if (const auto decoded = percent_decoded(secret, false)) add_forms(*decoded);
      if (const auto decoded = percent_decoded(secret, true)) add_forms(*decoded);
    }
  }
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

void Redaction::add(const std::string& secret) {
  constexpr std::size_t shortest = 6;
  if (secret.size() >= shortest) secrets_.push_back(secret);
}

void Redaction::add_forms(const std::string& secret) {
  add(secret);
  if (secret.size() < 2) return;
  const std::string json = json_quote(secret);
  add(json.substr(1, json.size() - 2));
  const std::string encoded = percent_encoded(secret);
  add(encoded);
  add(replaced(encoded, "%20", "+"));
  const bool has_password = secret.find(':') != std::string::npos;
  add(base64_encode(has_password ? secret : secret + ':'));
}

std::string Redaction::operator()(std::string text) const {
  for (const std::string& secret : secrets_) text = replaced(std::move(text), secret, mask);
  for (const std::string& secret : secrets_) text = without_cut(text, secret);
  return text;
}

}  // namespace cpab
