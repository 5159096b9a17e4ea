#include "cpab/model/masking.h"

#include <algorithm>
#include <array>

#include "cpab/model/ascii.h"
#include "cpab/model/secret_names.h"

namespace cpab {
namespace {

/// Cuts off and returns what is before the first of `ends`.
std::string_view cut_at(std::string_view& text, std::string_view ends) {
  const std::string_view head = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(head.size());
  return head;
}

std::string_view without_leading(std::string_view text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  return text;
}

bool is_port(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// Whether `authority`, which has no `@`, can be a host, with or without a port. If not, it may be
/// the beginning of a password with a slash in it.
bool is_host(std::string_view authority) {
  if (authority.starts_with('[')) return true;
  const auto colon = authority.find(':');
  return colon == std::string_view::npos || is_port(authority.substr(colon + 1));
}

class UrlMask {
 public:
  UrlMask(std::string_view url, ShownQuery query, std::vector<HiddenValue>* hidden)
      : rest_(url), shown_query_(query), hidden_(hidden) {}

  std::string masked() {
    const std::string start = scheme();
    if (is_broken(start)) return start + hide(rest_, true);
    std::string result = start + user_information();
    may_be_token_ = result.empty();
    result += authority();
    result += path();
    result += query();
    if (rest_.empty()) return result;
    const std::string fragment = '#' + hide(rest_.substr(1), false);
    return shown_query_ == ShownQuery::names ? result + fragment : result;
  }

 private:
  std::string hide(std::string_view text, bool certain) {
    if (hidden_ != nullptr) hidden_->push_back({std::string(text), certain});
    return std::string(mask);
  }

  std::string scheme() {
    const auto slashes = rest_.find("//");
    if (slashes == std::string_view::npos || slashes > rest_.find_first_of("?#@")) return {};
    const std::string_view text = rest_.substr(0, slashes + 2);
    rest_.remove_prefix(text.size());
    return std::string(text);
  }

  std::string_view first_part() const { return rest_.substr(0, rest_.find_first_of("/?#")); }

  /// Whether there may be a password that reaches over the end of what should be the authority.
  bool is_broken(std::string_view start) const {
    const std::string_view authority = first_part();
    return authority.find('@') == authority.npos && rest_.find('@') != rest_.npos &&
           (start.empty() || !is_host(authority));
  }

  std::string user_information() {
    const auto at = first_part().rfind('@');
    if (at == std::string_view::npos) return {};
    const std::string_view text = rest_.substr(0, at);
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) hide(text.substr(colon + 1), true);
    rest_.remove_prefix(at + 1);
    return hide(text, true) + '@';
  }

  /// Without scheme and user information there may be anything in the place of a URL.
  std::string shown(std::string_view part) const {
    return may_be_token_ ? masked_value(part) : std::string(part);
  }

  std::string authority() {
    const std::string_view authority = cut_at(rest_, "/?#");
    if (authority.starts_with('[')) return std::string(authority);
    const auto host = authority.substr(0, authority.find(':'));
    if (host.size() == authority.size()) return shown(host);
    const auto port = authority.substr(host.size() + 1);
    return shown(host) + ':' + (is_port(port) ? std::string(port) : masked_value(port));
  }

  std::string path() {
    std::string_view path = cut_at(rest_, "?#");
    std::string result;
    while (!path.empty()) {
      const std::string_view part = cut_at(path, "/");
      result += looks_random(part) ? hide(part, false) : shown(part);
      if (!path.empty()) result += '/';
      path.remove_prefix(path.empty() ? 0 : 1);
    }
    return result;
  }

  std::string query() {
    std::string shown;
    while (rest_.starts_with('?') || rest_.starts_with('&')) {
      shown += rest_.front();
      rest_.remove_prefix(1);
      shown += parameter(cut_at(rest_, "&#"));
    }
    return shown.empty() || shown_query_ == ShownQuery::names ? shown : "?...";
  }

  /// What has no name may be a value by itself.
  std::string parameter(std::string_view text) {
    const auto equals = text.find('=');
    const std::string name(text.substr(0, equals));
    if (equals == std::string_view::npos) {
      return masked_value(name) == name ? name : hide(name, false);
    }
    const std::string_view value = text.substr(equals + 1);
    return name + '=' + (value.empty() ? "" : hide(value, names_secret(name)));
  }

  std::string_view rest_;
  bool may_be_token_ = false;
  const ShownQuery shown_query_;
  std::vector<HiddenValue>* const hidden_;
};

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 14> long_units = {
      "bytes", "day",     "days", "hour",     "hours",   "milliseconds", "min",
      "mins",  "minutes", "pods", "replicas", "seconds", "sec",          "secs"};
  return word.size() <= 2 ||
         std::find(long_units.begin(), long_units.end(), word) != long_units.end();
}

/// `30`, `30s`, `100Mi`, `30seconds`, `0x1F`, `1h30m`.
bool is_quantity(std::string_view word) {
  constexpr std::size_t longest_mixture = 5;
  if (word.empty() || !is_digit(word.front())) return false;
  const std::string_view unit = without_leading(word, "0123456789");
  return has_digit(unit) ? word.size() <= longest_mixture : is_unit(unit);
}

/// `v1`, `beta1`
bool is_numbered(std::string_view word) {
  constexpr std::size_t longest = 5;
  const auto digit = std::find_if(word.begin(), word.end(), is_digit);
  return word.size() <= longest && std::all_of(digit, word.end(), is_digit);
}

/// Whether a person could have meant `word`, of letters and digits, as part of a name.
bool looks_named(std::string_view word) { return !has_digit(word) || is_numbered(word); }

/// The same as part of a value.
bool looks_meant(std::string_view word) {
  constexpr std::size_t longest = 20;
  if (has_digit(word)) return is_numbered(word) || is_quantity(word);
  return word.size() <= longest && !names_secret(word);
}

/// The words of `text`, which are letters and digits.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_letter_or_digit);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length > 0) words.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return words;
}

/// Whether numbers stand between words, as in no slip, but in `tok-4711-alpha`.
bool mixes_numbers(const std::vector<std::string_view>& words) {
  constexpr std::ptrdiff_t few = 2;  // apps/v1/beta1
  std::ptrdiff_t digits = 0;
  for (const std::string_view word : words) {
    digits += std::count_if(word.begin(), word.end(), is_digit);
  }
  return digits > few && !std::all_of(words.begin(), words.end(), is_quantity);
}

std::string masked_unless(bool (*fine)(std::string_view), std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  const bool shown = std::all_of(words.begin(), words.end(), fine) && !mixes_numbers(words);
  return std::string(shown ? text : mask);
}

}  // namespace

std::string masked_url(std::string_view url, ShownQuery query, std::vector<HiddenValue>* hidden) {
  return UrlMask(url, query, hidden).masked();
}

std::string masked_header(std::string_view name, const std::string& value,
                          std::vector<HiddenValue>* hidden) {
  static constexpr std::array<std::string_view, 3> harmless = {"accept", "content-type",
                                                               "user-agent"};
  if (std::find(harmless.begin(), harmless.end(), lower(name)) != harmless.end()) return value;
  if (hidden != nullptr) {
    hidden->push_back({value, is_credential_header(name) || carries_credentials(value)});
  }
  return std::string(mask);
}

std::string masked_value(std::string_view value) { return masked_unless(looks_meant, value); }

std::string masked_key(std::string_view key) { return masked_unless(looks_named, key); }

}  // namespace cpab
