#include "cpab/model/masked_arguments.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cpab/model/ascii.h"
#include "cpab/model/secret_names.h"

namespace cpab {
namespace {

constexpr std::string_view between_words = " \t\r\"'`";
constexpr std::string_view marks = "=:";

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What -p brings may be a password, unless it is a number, ports, a path, or another option.
bool may_be_password(std::string_view text) {
  return !text.empty() && !text.starts_with('/') && !text.starts_with('.') &&
         !text.starts_with('-') && text.find_first_not_of("0123456789.:") != text.npos;
}

/// `-pabc`, but not `-print` and `-port=80`.
bool has_password(std::string_view word) {
  static constexpr std::array<std::string_view, 14> others = {
      "-parallel", "-path",   "-percentile", "-period", "-pid",     "-pod",     "-pods",
      "-port",     "-prefix", "-pretty",     "-print",  "-profile", "-project", "-proxy"};
  return word.starts_with("-p") && may_be_password(word.substr(2)) &&
         !is_one_of(word.substr(0, word.find('=')), others);
}

bool brings_login(std::string_view option) {
  return is_one_of(option, std::array<std::string_view, 4>{"-u", "-U", "--user", "--proxy-user"});
}

std::string_view without_leading(std::string_view text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  return text;
}

/// Whether a secret follows `name` in a line that goes on with `rest`, or in the next argument.
bool announces_secret(std::string_view name, std::string_view rest) {
  const std::string_view next = without_leading(rest, between_words);
  if (!names_secret(name) || next.starts_with("--")) return false;
  const bool is_assigned = !next.empty() && marks.find(next.front()) != marks.npos;
  return is_assigned || name.starts_with('-') || (lower(name) == "bearer" && !next.empty());
}

/// `$TOKEN`, `read_token()`: code, which only leads to a secret.
bool is_expression(std::string_view word) {
  return word.starts_with('$') || word.find('(') != std::string_view::npos;
}

/// How far into the first word of `text` a name begins that announces a secret, as in
/// `--env=TOKEN=x`, `a=1&token=x` and `Server=x;Password=y`; 0: nowhere. URLs are looked at as
/// such.
std::size_t inner_secret(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(between_words));
  if (word.find("//") != word.npos) return 0;
  for (auto at = word.find_first_of("=&;"); at != word.npos;
       at = word.find_first_of("=&;", at + 1)) {
    const std::string_view inner = word.substr(at + 1);
    const std::size_t size = std::min(inner.find_first_of(marks), inner.size());
    if (announces_secret(inner.substr(0, size), text.substr(at + 1 + size))) return at + 1;
  }
  return 0;
}

class ArgumentMask {
 public:
  explicit ArgumentMask(std::vector<HiddenValue>* hidden) : hidden_(hidden) {}

  std::string masked(std::string_view argument) {
    const bool is_secret = std::exchange(secret_follows_, false) && !argument.starts_with("--");
    if (is_secret || (option_ == "-p" && may_be_password(argument))) {
      option_.clear();
      return hide(argument, true);
    }
    std::string shown;
    while (!argument.empty()) {
      const std::string_view text = argument.substr(0, argument.find('\n'));
      shown += line(text);
      argument.remove_prefix(text.size());
      if (argument.empty()) break;
      shown += '\n';
      argument.remove_prefix(1);
    }
    return shown;
  }

 private:
  std::string hide(std::string_view text, bool certain) {
    if (hidden_ != nullptr) hidden_->push_back({std::string(text), certain});
    return std::string(mask);
  }

  std::string line(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
      const std::size_t inner = inner_secret(text);
      shown += text.substr(0, inner);
      text.remove_prefix(inner);
      const std::string_view word = text.substr(0, text.find_first_of(between_words));
      const std::string_view name = word.substr(0, word.find_first_of(marks));
      text.remove_prefix(name.size());
      if (announces_secret(name, text)) return shown + std::string(name) + secret(text);
      shown += shown_word(word);
      text.remove_prefix(word.size() - name.size());
      const std::string_view rest = without_leading(text, between_words);
      shown += text.substr(0, text.size() - rest.size());
      text = rest;
    }
    return shown;
  }

  /// The rest of a line that begins with what is between a name and its secret.
  std::string secret(std::string_view text) {
    const std::string_view rest = without_leading(text, " \t\r\"'`=:");
    const std::string between(text.substr(0, text.size() - rest.size()));
    secret_follows_ = rest.empty();
    return secret_follows_ ? between : between + hide_line(rest);
  }

  /// Which of the words is the secret is not known: the first, or that behind its scheme.
  std::string hide_line(std::string_view text) {
    hide(text, true);
    for (bool certain = true; !text.empty(); text = without_leading(text, between_words)) {
      const std::string_view word = text.substr(0, text.find_first_of(between_words));
      hide(word, certain && !is_expression(word));
      certain =
          certain && is_one_of(lower(word), std::array<std::string_view, 2>{"basic", "bearer"});
      text.remove_prefix(word.size());
    }
    return std::string(mask);
  }

  std::string shown_word(std::string_view word) {
    const std::string option = std::exchange(option_, std::string(word));
    if (option == "-p" && may_be_password(word)) return hide(word, true);
    if (brings_login(option)) return login(word);
    const auto equals = word.find('=');
    if (equals != word.npos && brings_login(word.substr(0, equals))) {
      return std::string(word.substr(0, equals + 1)) + login(word.substr(equals + 1));
    }
    if (has_password(word)) return "-p" + hide(word.substr(2), true);
    if (word.starts_with("-u")) return "-u" + login(word.substr(2));
    return plain(word);
  }

  std::string login(std::string_view word) {
    const auto colon = word.find(':');
    if (colon == std::string_view::npos || word.find("//") != word.npos) return plain(word);
    return std::string(word.substr(0, colon + 1)) + hide(word.substr(colon + 1), true);
  }

  std::string plain(std::string_view word) {
    const auto colon = word.find(':');
    const auto start = word.find_last_of("=,;(", colon) + 1;
    const bool is_url = word.find("//") != std::string_view::npos;
    if (is_url || (colon != word.npos && word.find('@', colon) != word.npos)) {
      return std::string(word.substr(0, start)) +
             masked_url(word.substr(start), ShownQuery::names, hidden_);
    }
    const auto value = word.find('=') + 1;
    if (!looks_random(word.substr(value))) return std::string(word);
    return std::string(word.substr(0, value)) + hide(word.substr(value), false);
  }

  bool secret_follows_ = false;  // in the next argument
  std::string option_;           // the word before
  std::vector<HiddenValue>* const hidden_;
};

}  // namespace

std::vector<std::string> masked_arguments(const std::vector<std::string>& arguments,
                                          std::vector<HiddenValue>* hidden) {
  ArgumentMask argument_mask(hidden);
  std::vector<std::string> shown;
  shown.reserve(arguments.size());
  for (const std::string& argument : arguments) shown.push_back(argument_mask.masked(argument));
  return shown;
}

std::string masked_argument(const std::string& argument) {
  return masked_arguments({argument}).front();
}

}  // namespace cpab
