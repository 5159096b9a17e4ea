#include "cpab/kubernetes/label_selector.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>
#include <vector>

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// One requirement: the key it is sorted by and how it is written.
using Requirement = std::pair<std::string, std::string>;

bool is_label_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_./").find(c) != std::string_view::npos;
}

std::string set_text(const std::string& key, const std::string& op,
                     const std::vector<std::string>& values) {
  std::string text = key + " " + op + " (";
  const char* separator = "";
  for (const std::string& value : std::set<std::string>(values.begin(), values.end())) {
    text += separator + value;
    separator = ",";
  }
  return text + ")";
}

std::string joined(std::vector<Requirement> requirements) {
  std::stable_sort(requirements.begin(), requirements.end(),
                   [](const Requirement& a, const Requirement& b) { return a.first < b.first; });
  std::string text;
  for (const Requirement& requirement : requirements) {
    text += (text.empty() ? "" : ",") + requirement.second;
  }
  return text;
}

/// Recursive descent over the selector grammar of the API:
///
///     selector    = [ requirement { "," requirement } ]
///     requirement = "!" key | key [ ("=" | "==" | "!=") [ value ] | ("in" | "notin") set ]
///     set         = "(" [ value ] { "," [ value ] } ")"
class SelectorParser {
 public:
  explicit SelectorParser(std::string_view text) : text_(text) {}

  std::string normalized() {
    std::vector<Requirement> requirements;
    skip_space();
    if (at_ == text_.size()) return {};
    do {
      requirements.push_back(requirement());
    } while (accept(","));
    if (at_ != text_.size()) fail("unexpected " + json_quote(text_.substr(at_, 1)));
    return joined(std::move(requirements));
  }

 private:
  Requirement requirement() {
    if (accept("!")) {
      const std::string key = required_key();
      return {key, "!" + key};
    }
    const std::string key = required_key();
    if (accept("!=")) return {key, key + "!=" + word()};
    if (accept("==") || accept("=")) return {key, key + "=" + word()};
    if (at_ == text_.size() || text_[at_] == ',') return {key, key};
    const std::string op = word();
    if (op != "in" && op != "notin") {
      fail("expected an operator (=, ==, !=, in, notin) after key '" + key + "'");
    }
    return {key, set_text(key, op, set())};
  }

  std::vector<std::string> set() {
    if (!accept("(")) fail("expected '('");
    std::vector<std::string> values;
    do {
      values.push_back(word());
    } while (accept(","));
    if (!accept(")")) fail("expected ',' or ')'");
    return values;
  }

  std::string required_key() {
    std::string key = word();
    if (key.empty()) fail("expected a label key");
    return key;
  }

  std::string word() {
    skip_space();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_label_char(text_[at_])) ++at_;
    std::string found(text_.substr(start, at_ - start));
    skip_space();
    return found;
  }

  bool accept(std::string_view token) {
    skip_space();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    skip_space();
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw SelectorError("unable to parse selector " + json_quote(text_) + ": " + what +
                        " at byte " + std::to_string(at_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Requirement requirement_of(const LabelRequirement& expression) {
  const std::string& key = expression.key;
  if (expression.op == "Exists") return {key, key};
  if (expression.op == "DoesNotExist") return {key, "!" + key};
  if (expression.op != "In" && expression.op != "NotIn") {
    throw SelectorError(json_quote(expression.op) + " is not a valid label selector operator");
  }
  if (expression.values.empty()) {
    throw SelectorError("operator " + expression.op + " of label '" + key + "' needs values");
  }
  return {key, set_text(key, expression.op == "In" ? "in" : "notin", expression.values)};
}

}  // namespace

std::string normalized_selector(std::string_view text) { return SelectorParser(text).normalized(); }

std::string selector_text(const std::optional<LabelSelector>& selector) {
  if (!selector) return {};
  std::vector<Requirement> requirements;
  for (const auto& [key, value] : selector->match_labels) {
    requirements.emplace_back(key, key + "=" + value);
  }
  for (const LabelRequirement& expression : selector->match_expressions) {
    requirements.push_back(requirement_of(expression));
  }
  return joined(std::move(requirements));
}

}  // namespace cpab
