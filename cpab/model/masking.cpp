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
    if (slashes > rest_.find_first_of("?#@")) return {};
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

  std::string authority() {
    const std::string_view authority = cut_at(rest_, "/?#");
    if (is_host(authority)) return std::string(authority);
    const auto port = authority.find(':') + 1;
    return std::string(authority.substr(0, port)) + masked_value(authority.substr(port));
  }

  std::string path() {
    std::string_view path = cut_at(rest_, "?#");
    std::string shown;
    while (!path.empty()) {
      const std::string_view part = cut_at(path, "/");
      shown += looks_random(part) ? hide(part, false) : std::string(part);
      if (!path.empty()) shown += '/';
      path.remove_prefix(path.empty() ? 0 : 1);
    }
    return shown;
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
  const ShownQuery shown_query_;
  std::vector<HiddenValue>* const hidden_;
};

/// A number with a unit: `30s`, `100Mi`, `30seconds`.
bool is_quantity(std::string_view word) {
  constexpr std::size_t longest_unit = 12;
  const std::string_view unit =
      word.substr(std::min(word.find_first_not_of("0123456789"), word.size()));
  return unit.size() < word.size() && unit.size() <= longest_unit &&
         std::all_of(unit.begin(), unit.end(), unit.size() > 2 ? is_lower_letter : is_letter);
}

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

/// Whether a person could have meant `word`, of letters and digits, as part of a name.
bool looks_named(std::string_view word) {
  constexpr std::size_t longest_mixture = 5;  // v1, 0x1F, 1h30m
  return !has_digit(word) || word.size() <= longest_mixture || is_quantity(word);
}

/// The same as a word or number.
bool looks_meant(std::string_view word) {
  constexpr std::size_t longest_word = 20;
  return looks_named(word) && (has_digit(word) || word.size() <= longest_word) &&
         !names_secret(word);
}

std::string masked_unless(bool (*fine)(std::string_view), std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_letter_or_digit);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    if (!fine(rest.substr(0, length))) return std::string(mask);
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return std::string(text);
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
  if (hidden != nullptr) hidden->push_back({value, is_credential_header(name)});
  return std::string(mask);
}

std::string masked_value(std::string_view value) { return masked_unless(looks_meant, value); }

std::string masked_key(std::string_view key) { return masked_unless(looks_named, key); }

}  // namespace cpab
