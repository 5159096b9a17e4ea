#include "cpab/backtest/scenario_fields.h"

#include <cmath>
#include <limits>

#include "cpab/config/quantity_field.h"
#include "cpab/model/number.h"
#include "cpab/pipeline/wall_time.h"

namespace cpab {
namespace {

/// Far above what anything is counted in, and far from where arithmetic ends.
constexpr double largest_number = 1e15;

/// The seconds of a unit at the end of a length of time.
std::optional<double> seconds_of_unit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<double> ScenarioFields::number_of(const Node& node, Path path) {
  const bool is_number = node.kind == Node::Kind::integer || node.kind == Node::Kind::floating;
  const auto value = is_number ? number_in(node.text) : std::nullopt;
  if (value && std::abs(*value) <= largest_number) return value;
  decoder_.complain(node, path, path + " is no number of at most 1e15",
                    "write a number such as 50 or 0.8");
  return std::nullopt;
}

/// For a list, that of its first.
std::string ScenarioFields::place_of(const Node& file) const {
  if (!file.elements.empty()) return place_of(file.elements.front());
  return file.text.starts_with('/') ? file.text : folder_ + "/" + file.text;
}

std::string ScenarioFields::content_of(const Node& file) const {
  if (file.kind != Node::Kind::list) return read_(place_of(file));
  std::string all;
  for (const Node& element : file.elements) all += read_(place_of(element)) + "\n";
  return all;
}

void ScenarioFields::require(const Node& node, Path path, const std::vector<const char*>& keys) {
  for (const char* key : keys) {
    if (has_key(node, key)) continue;
    decoder_.complain(node, path, path + " has no " + key,
                      "it does nothing without; see docs/backtest.md");
  }
}

Field ScenarioFields::number(std::string name, double& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            target = number_of(node, path).value_or(target);
          }};
}

Field ScenarioFields::positive(std::string name, double& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            const auto value = number_of(node, path);
            if (value && *value <= 0) {
              decoder_.complain(node, path, path + " is not above 0", "write such as 50");
            }
            target = value.value_or(target);
          }};
}

std::optional<Duration> ScenarioFields::duration_of(const Node& node, Path path) {
  const auto unit = node.text.empty() ? std::nullopt : seconds_of_unit(node.text.back());
  const auto value =
      number_in(std::string_view(node.text).substr(0, node.text.size() - (unit ? 1 : 0)));
  constexpr double longest = 400 * 86'400.0;
  const double seconds = value.value_or(-1) * unit.value_or(1);
  if (seconds >= 0 && seconds <= longest) return Duration(std::llround(seconds * 1000));
  decoder_.complain(node, path, path + " is no length of time up to 400 days",
                    "write such as 90s, 15m, 24h or 7d");
  return std::nullopt;
}

Field ScenarioFields::duration(std::string name, Duration& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            target = duration_of(node, path).value_or(target);
          }};
}

Field ScenarioFields::period(std::string name, Duration& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            const auto value = duration_of(node, path);
            if (value && *value <= Duration(0)) {
              decoder_.complain(node, path, path + " is 0", "write such as 10m");
            } else if (value) {
              target = *value;
            }
          }};
}

Field ScenarioFields::time(std::string name, WallTime& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            const auto value = node.text.ends_with('Z') ? parse_wall_time(node.text) : std::nullopt;
            if (value) {
              target = *value;
            } else {
              decoder_.complain(node, path, path + " is no time",
                                "write it in UTC, such as 2026-01-05T00:00:00Z");
            }
          }};
}

Field ScenarioFields::seed(std::uint64_t& target) {
  return {"seed", [this, &target](const Node& node, Path path) {
            const auto value =
                decoder_.integer(node, path, "seed", 0, std::numeric_limits<std::int64_t>::max());
            if (value) target = static_cast<std::uint64_t>(*value);
          }};
}

Field ScenarioFields::quantity(std::string name, std::string& target) {
  return {std::move(name), [this, &target](const Node& node, Path path) {
            std::optional<std::string> value;
            decode_quantity(decoder_, node, path, value);
            if (value) target = *value;
          }};
}

}  // namespace cpab
