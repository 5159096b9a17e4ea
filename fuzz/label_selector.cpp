#include "cpab/kubernetes/label_selector.h"

#include <map>

#include "cpab/simulation/resource_type.h"
#include "cpab/simulation/selectors.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

using Labels = std::map<std::string, std::string>;

/// None when `text` is refused.
std::optional<std::string> normalized(std::string_view text) {
  try {
    return normalized_selector(text);
  } catch (const SelectorError&) {
    return std::nullopt;
  }
}

std::optional<ParsedSelector> parsed(std::string_view text) {
  try {
    return ParsedSelector::parse(text);
  } catch (const SelectorError&) {
    return std::nullopt;
  }
}

/// The selector object whose keys, operators and values are the lines of `text`.
LabelSelector selector_of_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  LabelSelector selector;
  for (std::size_t i = 0; i + 2 < lines.size(); i += 3) {
    if (lines[i + 1].empty()) {
      selector.match_labels.emplace_back(lines[i], lines[i + 2]);
    } else {
      selector.match_expressions.push_back({lines[i], lines[i + 1], {lines[i + 2]}});
    }
  }
  return selector;
}

void check_object(std::string_view input) {
  try {
    const LabelSelector selector = selector_of_lines(input);
    const std::string text = selector_text(selector);
    const bool empty = selector.match_labels.empty() && selector.match_expressions.empty();
    require(text.empty() == empty, "only the empty selector has no text");
  } catch (const SelectorError&) {
  }
}

}  // namespace

void fuzz_label_selector(std::string_view input) {
  check_object(input);
  try {
    FieldSelector::parse(input, type_of_kind("Pod"));
  } catch (const SelectorError&) {
  }
  const auto text = normalized(input);
  const auto simulated = parsed(input);
  if (!text) return;
  require(normalized(*text) == text, "the normal form is normal");
  const auto again = parsed(*text);
  require(again.has_value(), "an API server accepts the normal form");
  if (!simulated) return;
  for (const Labels& labels : {Labels{}, Labels{{"a", "1"}}, Labels{{"a", "x"}, {"b", ""}}}) {
    require(simulated->matches(labels) == again->matches(labels), "both select the same objects");
  }
}

}  // namespace cpab
