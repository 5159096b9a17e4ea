#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cpab {

/// What is so in the world of a scenario at one moment, as far as it can be shown.
struct WorldMoment {
  double load = 0;                  ///< units a second
  std::int32_t ready = 0;           ///< replicas
  double capacity_per_replica = 1;  ///< units a second
  double backlog = 0;               ///< units
};

/// A number about the world that user logic finds somewhere.
struct ShownValue {
  enum class Place {
    label,            ///< of the target
    annotation,       ///< of the target
    http,             ///< an address: a path below that of the pages of the cluster
    variable,         ///< in the environment of programs
    files,            ///< so many in a folder
    external_metric,  ///< of external.metrics.k8s.io
    object_metric,    ///< of custom.metrics.k8s.io, about the target
    pods_metric,      ///< of custom.metrics.k8s.io, about each ready replica
  };
  enum class Amount {
    load,
    load_per_pod,  ///< the share of a ready replica
    utilization,   ///< the load in relation to what the ready replicas can serve
    backlog,       ///< what waits since it came faster than it was served
  };
  enum class Rounding { none, up, down, nearest };

  Place place = Place::label;
  std::string name;
  Amount amount = Amount::load;
  double scale = 1;
  Rounding rounding = Rounding::none;
  std::map<std::string, std::string> labels;  ///< of an external metric
  std::string body = "{value}";               ///< of an answer over HTTP
};

/// The value, scaled and rounded; none when there is no such thing, as the load per pod without
/// pods. Never below 0 as long as the scale is not.
std::optional<double> amount_of(const ShownValue& shown, const WorldMoment& moment);

/// Decimal digits, up to six of them behind the point, no exponent: good for a label, too.
std::string amount_text(double amount);

}  // namespace cpab
