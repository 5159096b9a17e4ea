#include "cpab/model/evaluation.h"

#include <algorithm>
#include <limits>

#include "cpab/model/closest.h"
#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_key(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// A JSON number taken apart: digits * 10^exponent, without leading zeros.
struct Decimal {
  bool negative = false;
  std::string digits;
  long exponent = 0;
};

Decimal decimal(std::string_view number) {
  constexpr long exponent_limit = 1'000'000'000;
  Decimal result;
  std::size_t at = 0;
  if (number[at] == '-') {
    result.negative = true;
    ++at;
  }
  bool fraction = false;
  for (; at < number.size() && number[at] != 'e' && number[at] != 'E'; ++at) {
    if (number[at] == '.') {
      fraction = true;
      continue;
    }
    if (number[at] != '0' || !result.digits.empty()) result.digits.push_back(number[at]);
    if (fraction) --result.exponent;
  }
  if (at < number.size()) {
    const bool down = number[at + 1] == '-';
    long exponent = 0;
    for (const char c : number.substr(at + 1)) {
      if (c >= '0' && c <= '9') exponent = std::min(exponent * 10 + (c - '0'), exponent_limit);
    }
    result.exponent += down ? -exponent : exponent;
  }
  while (!result.digits.empty() && result.digits.back() == '0') {
    result.digits.pop_back();
    ++result.exponent;
  }
  return result;
}

std::int32_t replicas(std::string_view number) {
  const auto refuse = [number](const std::string& why) {
    throw JsonError("targetReplicas is " + cut_short(number) + ", " + why);
  };
  const Decimal value = decimal(number);
  if (value.digits.empty()) return 0;
  if (value.negative) refuse("which is negative; it must lie in [0, 2147483647]");
  if (value.exponent < 0) refuse("which is not a whole number");
  constexpr long most_digits = 10;
  if (static_cast<long>(value.digits.size()) + value.exponent > most_digits) {
    refuse("which is more than 2147483647");
  }
  std::int64_t whole = 0;
  for (const char digit : value.digits) whole = whole * 10 + (digit - '0');
  for (long i = 0; i < value.exponent; ++i) whole *= 10;
  if (whole > std::numeric_limits<std::int32_t>::max()) refuse("which is more than 2147483647");
  return static_cast<std::int32_t>(whole);
}

std::int32_t replicas_value(std::string_view value) {
  const char first = value.front();
  if (first == '-' || (first >= '0' && first <= '9')) return replicas(value);
  throw JsonError("targetReplicas is " + cut_short(value) + ", which is not a number");
}

/// The members that matter, collected under the rule that a key may be repeated only with the
/// same meaning.
class Answer {
 public:
  void take(std::string_view key, std::string_view value) {
    if (same_key(key, "targetReplicas")) {
      set(replicas_, replicas_value(value), "targetReplicas");
    } else if (same_key(key, "hold")) {
      set(hold_, hold_value(value), "hold");
    } else if (same_key(key, "reason")) {
      // Words only: answers written for the reference may use the key for something else.
      if (const std::optional<std::string> words = json_string(value)) reason_ = cut_short(*words);
    } else if (same_key(key, "proposals")) {
      proposals_ = parse_proposals(value);
    } else if (!misspelt_ && closest(key, {"targetReplicas"})) {
      misspelt_ = key;
    }
  }

  Evaluation evaluation() const {
    if (hold_.value_or(false)) {
      if (replicas_) throw JsonError("both targetReplicas and hold are given");
      return {std::nullopt, reason_, proposals_};
    }
    if (!replicas_) throw JsonError("targetReplicas is missing" + hint());
    return {replicas_, reason_, proposals_};
  }

 private:
  std::string hint() const {
    return misspelt_ ? "; did you mean it by " + cut_short(json_quote(*misspelt_)) + "?" : "";
  }

  template <typename Value>
  static void set(std::optional<Value>& field, Value value, const char* key) {
    if (field && *field != value) {
      throw JsonError(std::string(key) + " is given more than once with different values");
    }
    field = value;
  }

  static bool hold_value(std::string_view value) {
    if (value == "true") return true;
    if (value == "false") return false;
    throw JsonError("hold is " + cut_short(value) + ", which is neither true nor false");
  }

  std::optional<std::int32_t> replicas_;
  std::optional<bool> hold_;
  std::string reason_;
  std::vector<MetricProposal> proposals_;
  std::optional<std::string> misspelt_;  // the first other key that may have been meant
};

/// Faults that the position of a byte would not explain.
void refuse_what_is_no_text(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw JsonError("the answer is empty");
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    throw JsonError("the answer begins with a byte order mark; write it without one");
  }
}

}  // namespace

Evaluation parse_evaluation(std::string_view answer) {
  const std::string text = utf8_repaired(answer);
  try {
    refuse_what_is_no_text(text);
    const std::string_view value = json_value(text);
    if (value.front() != '{') throw JsonError("the answer is not a JSON object");
    Answer fields;
    // One by one: there may be very many that do not matter.
    JsonCursor cursor(value);
    cursor.members([&](std::string_view key) {
      fields.take(key, cursor.value());
      return true;
    });
    return fields.evaluation();
  } catch (const JsonError& error) {
    throw EvaluationError("failed to parse JSON evaluation, got '" + nul_escaped(cut_short(text)) +
                          "': " + error.what());
  }
}

std::string to_json(const Evaluation& evaluation) {
  std::string json = evaluation.target_replicas
                         ? "{\"targetReplicas\":" + std::to_string(*evaluation.target_replicas)
                         : std::string("{\"hold\":true");
  if (!evaluation.reason.empty()) json += ",\"reason\":" + json_quote(evaluation.reason);
  if (!evaluation.proposals.empty()) json += ",\"proposals\":" + to_json(evaluation.proposals);
  return json + "}";
}

}  // namespace cpab
