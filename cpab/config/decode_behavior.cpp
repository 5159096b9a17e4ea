#include "cpab/config/display.h"
#include "cpab/config/quantity_field.h"
#include "cpab/config/sections.h"
#include "cpab/model/quantity.h"

namespace cpab {
namespace {

/// A word for each value of an enumeration.
template <typename Value>
struct Word {
  std::string_view word;
  Value value;
};

constexpr Word<SelectPolicy> select_policies[] = {
    {"Max", SelectPolicy::max}, {"Min", SelectPolicy::min}, {"Disabled", SelectPolicy::disabled}};
constexpr Word<ScalingPolicy::Type> policy_types[] = {{"Pods", ScalingPolicy::Type::pods},
                                                      {"Percent", ScalingPolicy::Type::percent}};

template <typename Value, std::size_t count>
void decode_word(Decoder& decoder, const Node& node, const std::string& path,
                 const Word<Value> (&words)[count], Value& target) {
  if (node.kind == Node::Kind::null) return;
  std::string text;
  decoder.text(node, path, text);
  std::string known;
  for (const auto& [word, value] : words) {
    if (text == word) {
      target = value;
      return;
    }
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  if (!text.empty() || node.kind == Node::Kind::string) {
    decoder.complain(node, path, path + " is " + quoted_value(text), "write one of " + known);
  }
}

template <typename Value, std::size_t count>
Field word_field(Decoder& decoder, std::string name, const Word<Value> (&words)[count],
                 Value& target) {
  return {std::move(name), [&](const Node& node, const std::string& path) {
            decode_word(decoder, node, path, words, target);
          }};
}

/// As everywhere in autoscaling/v2, a null stands for what Kubernetes fills in.
template <typename T>
Field field_or_default(Decoder& decoder, std::string name, T& target) {
  return {std::move(name), [&](const Node& node, const std::string& path) {
            if (node.kind != Node::Kind::null) decode(decoder, node, path, target);
          }};
}

Field tolerance_field(Decoder& decoder, std::optional<double>& target) {
  return {"tolerance", [&](const Node& node, const std::string& path) {
            std::optional<std::string> quantity;
            decode_quantity(decoder, node, path, quantity);
            target.reset();
            if (quantity) target = quantity_double(*quantity);
          }};
}

}  // namespace

std::string_view word_of(SelectPolicy policy) {
  for (const auto& [word, value] : select_policies) {
    if (value == policy) return word;
  }
  return "";
}

// The parts of `behavior`: overloads of decode() so that Decoder::field finds them. A slip is no
// mere warning: what was to be limited would not be.

void decode(Decoder& decoder, const Node& node, const std::string& path, ScalingPolicy& policy) {
  bool has_type = false;
  const auto read_type = [&](const Node& type, const std::string& at) {
    has_type = type.kind != Node::Kind::null;
    decode_word(decoder, type, at, policy_types, policy.type);
  };
  decoder.object(node, path,
                 {{"type", read_type},
                  decoder.field("value", policy.value),
                  decoder.field("periodSeconds", policy.period)},
                 Decoder::Unknown::refused);
  if (has_type) return;
  decoder.complain(node, path, path + " has no type", "write type: Pods or type: Percent");
}

void decode(Decoder& decoder, const Node& node, const std::string& path, DirectionRules& rules) {
  decoder.object(
      node, path,
      {field_or_default(decoder, "stabilizationWindowSeconds", rules.stabilization_window),
       word_field(decoder, "selectPolicy", select_policies, rules.select_policy),
       field_or_default(decoder, "policies", rules.policies),
       tolerance_field(decoder, rules.tolerance)},
      Decoder::Unknown::refused);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, Behavior& behavior) {
  decoder.object(node, path,
                 {field_or_default(decoder, "scaleUp", behavior.scale_up),
                  field_or_default(decoder, "scaleDown", behavior.scale_down)},
                 Decoder::Unknown::refused);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, ReplicaSteps& steps) {
  if (node.kind == Node::Kind::null) steps = {};
  decoder.object(
      node, path,
      {decoder.field("multipleOf", steps.multiple_of), decoder.field("allowed", steps.allowed)},
      Decoder::Unknown::refused);
}

}  // namespace cpab
