#include "cpab/backtest/shown_decoder.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cpab {
namespace {

using Path = ScenarioFields::Path;
using Place = ShownValue::Place;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Letters, digits and `others`, from one to `longest`.
bool is_made_of(std::string_view text, std::string_view others, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
         });
}

bool is_printed(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// Of labels and annotations: `name` or `prefix/name`.
bool is_metadata_name(std::string_view text) {
  const auto is_part = [](std::string_view part, std::size_t longest) {
    return is_made_of(part, "-_.", longest) && is_alphanumeric(part.front()) &&
           is_alphanumeric(part.back());
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return is_part(text, 63);
  return is_part(text.substr(0, slash), 253) && is_part(text.substr(slash + 1), 63);
}

bool is_path(std::string_view text) { return text.starts_with('/') && is_printed(text); }

bool is_variable_name(std::string_view text) {
  return is_made_of(text, "_", 1'000) && (text.front() < '0' || text.front() > '9');
}

bool is_folder_name(std::string_view text) {
  return is_made_of(text, "-_.", 100) && text.front() != '.';
}

bool is_metric_name(std::string_view text) {
  return !text.empty() && is_printed(text) && text.find('/') == std::string_view::npos;
}

/// A place where a value may be shown, the key that names it, and which names it takes.
struct PlaceKey {
  const char* key;
  Place place;
  bool (*takes)(std::string_view name);
  const char* example;
};

constexpr std::array<PlaceKey, 8> place_keys{{
    {"label", Place::label, is_metadata_name, "wanted-replicas"},
    {"annotation", Place::annotation, is_metadata_name, "example.com/queue"},
    {"http", Place::http, is_path, "/jobs"},
    {"variable", Place::variable, is_variable_name, "QUEUE_LENGTH"},
    {"files", Place::files, is_folder_name, "queue"},
    {"externalMetric", Place::external_metric, is_metric_name, "queue_length"},
    {"objectMetric", Place::object_metric, is_metric_name, "requests_per_second"},
    {"podsMetric", Place::pods_metric, is_metric_name, "requests_per_second"},
}};

/// The key `name`, whose value is one of `words`.
template <typename Enum, std::size_t Size>
Field choice(ScenarioFields& fields, const char* name,
             const std::array<std::pair<const char*, Enum>, Size>& words, Enum& target) {
  return {name, [&fields, &words, &target](const Node& node, Path path) {
            std::string all;
            for (const auto& [word, value] : words) {
              if (node.text == word) target = value;
              if (node.text == word) return;
              all += (all.empty() ? "" : ", ") + std::string(word);
            }
            fields.decoder().complain(node, path, path + " is none that there is",
                                      "write one of " + all);
          }};
}

constexpr std::array<std::pair<const char*, ShownValue::Amount>, 4> amounts{{
    {"load", ShownValue::Amount::load},
    {"loadPerPod", ShownValue::Amount::load_per_pod},
    {"utilization", ShownValue::Amount::utilization},
    {"backlog", ShownValue::Amount::backlog},
}};

constexpr std::array<std::pair<const char*, ShownValue::Rounding>, 3> roundings{{
    {"up", ShownValue::Rounding::up},
    {"down", ShownValue::Rounding::down},
    {"nearest", ShownValue::Rounding::nearest},
}};

/// Reads one element of the list.
class ShownDecoder {
 public:
  explicit ShownDecoder(ScenarioFields& fields) : fields_(fields) {}

  ShownValue decoded(const Node& node, Path path) {
    std::vector<Field> keys{choice(fields_, "value", amounts, shown_.amount), scale(),
                            choice(fields_, "round", roundings, shown_.rounding),
                            fields_.plain("labels", shown_.labels),
                            fields_.plain("body", shown_.body)};
    for (const PlaceKey& place : place_keys) keys.push_back(key_of(place));
    fields_.object(node, path, keys);
    check(node, path);
    return shown_;
  }

 private:
  Field key_of(const PlaceKey& place) {
    return {place.key, [this, &place](const Node& node, Path path) {
              ++places_;
              shown_.place = place.place;
              decode(fields_.decoder(), node, path, shown_.name);
              if (place.takes(shown_.name)) return;
              fields_.decoder().complain(node, path, path + " is no name for that",
                                         std::string("write such as ") + place.example);
            }};
  }

  Field scale() {
    return {"scale", [this](const Node& node, Path path) {
              const auto value = fields_.number_of(node, path);
              if (value && *value < 0) {
                fields_.decoder().complain(node, path, path + " is below 0", "write such as 0.02");
              }
              shown_.scale = value.value_or(1);
            }};
  }

  void check(const Node& node, Path path) {
    Decoder& decoder = fields_.decoder();
    if (places_ != 1) {
      decoder.complain(node, path,
                       path + (places_ == 0 ? " says not where" : " has several places"),
                       "write one of label, annotation, http, variable, files, externalMetric, "
                       "objectMetric, podsMetric");
    } else if (!shown_.labels.empty() && shown_.place != Place::external_metric) {
      decoder.complain(node, path, path + ".labels are there", "only an externalMetric has labels");
    } else if (shown_.body != ShownValue{}.body && shown_.place != Place::http) {
      decoder.complain(node, path, path + ".body is there", "only http has a body");
    }
  }

  ScenarioFields& fields_;
  ShownValue shown_;
  int places_ = 0;
};

}  // namespace

Field shows_field(ScenarioFields& fields, std::vector<ShownValue>& target) {
  return {"shows", [&fields, &target](const Node& node, Path path) {
            fields.list(node, path, [&](const Node& element, Path at) {
              target.push_back(ShownDecoder(fields).decoded(element, at));
            });
          }};
}

}  // namespace cpab
