#include "cpab/backtest/scenario.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cpab/config/decoder.h"
#include "cpab/config/quantity_field.h"
#include "cpab/io/file.h"
#include "cpab/pipeline/wall_time.h"

namespace cpab {
namespace {

/// Reads the keys of a scenario; complaints go to the decoder's report.
class Reader {
 public:
  Reader(Decoder& decoder, std::string folder) : decoder_(decoder), folder_(std::move(folder)) {}

  void scenario(const Node& root, Scenario& target) {
    decoder_.object(
        root, "",
        {time("start", target.start), duration("duration", target.length),
         decoder_.field("replicas", target.replicas),
         positive("capacityPerReplica", target.capacity_per_replica),
         duration("startupTime", target.startup_time),
         duration("startupSpread", target.startup_spread),
         duration("shutdownTime", target.shutdown_time), quantity("cpuRequest", target.cpu_request),
         positive("cpuAtCapacity", target.cpu_at_capacity), seed(target.seed),
         duration("sampleInterval", target.sample_interval), load(target),
         external_metrics(target.external_metrics), service_level(target.service_level),
         faults(target.faults)},
        Decoder::Unknown::refused);
  }

 private:
  using Path = const std::string&;

  template <typename Read>
  static Field field(std::string name, Read read) {
    return {std::move(name), std::move(read)};
  }

  std::optional<double> number_of(const Node& node, Path path) {
    if (node.kind == Node::Kind::integer) return std::strtod(node.text.c_str(), nullptr);
    if (node.kind == Node::Kind::floating && std::isfinite(node.number)) return node.number;
    decoder_.complain(node, path, path + " is no number", "write a number such as 50 or 0.8");
    return std::nullopt;
  }

  Field number(std::string name, double& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      target = number_of(node, path).value_or(target);
    });
  }

  Field positive(std::string name, double& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      const auto value = number_of(node, path);
      if (value && *value <= 0) {
        decoder_.complain(node, path, path + " is not above 0", "write such as 50");
      }
      target = value.value_or(target);
    });
  }

  /// `90s`, `15m`, `24h`, `7d`, or a plain number of seconds.
  std::optional<Duration> duration_of(const Node& node, Path path) {
    std::string text = node.text;
    double unit = 1;
    if (!text.empty()) {
      switch (text.back()) {
        case 's':
          break;
        case 'm':
          unit = 60;
          break;
        case 'h':
          unit = 3'600;
          break;
        case 'd':
          unit = 86'400;
          break;
        default:
          text += 's';
      }
      text.pop_back();
    }
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    constexpr double longest = 400 * 86'400.0;
    const bool fine = !text.empty() && *end == '\0' && value >= 0 && value * unit <= longest;
    if (fine) return Duration(std::llround(value * unit * 1000));
    decoder_.complain(node, path, path + " is no length of time up to 400 days",
                      "write such as 90s, 15m, 24h or 7d");
    return std::nullopt;
  }

  Field duration(std::string name, Duration& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      target = duration_of(node, path).value_or(target);
    });
  }

  Field period(std::string name, Duration& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      const auto value = duration_of(node, path);
      if (value && *value <= Duration(0)) {
        decoder_.complain(node, path, path + " is 0", "write such as 10m");
      } else if (value) {
        target = *value;
      }
    });
  }

  Field time(std::string name, WallTime& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      const auto value = node.text.ends_with('Z') ? parse_wall_time(node.text) : std::nullopt;
      if (value) {
        target = *value;
      } else {
        decoder_.complain(node, path, path + " is no time",
                          "write it in UTC, such as 2026-01-05T00:00:00Z");
      }
    });
  }

  Field seed(std::uint64_t& target) {
    return field("seed", [&](const Node& node, Path path) {
      const auto value =
          decoder_.integer(node, path, "seed", 0, std::numeric_limits<std::int64_t>::max());
      if (value) target = static_cast<std::uint64_t>(*value);
    });
  }

  Field quantity(std::string name, std::string& target) {
    return field(std::move(name), [&](const Node& node, Path path) {
      std::optional<std::string> value;
      decode_quantity(decoder_, node, path, value);
      if (value) target = *value;
    });
  }

  Field service_level(ServiceLevel& target) {
    return field("serviceLevel", [&](const Node& node, Path path) {
      double utilization = 0;
      double milliseconds = 0;
      decoder_.object(
          node, path,
          {positive("utilization", utilization), positive("latencyMilliseconds", milliseconds)},
          Decoder::Unknown::refused);
      if (utilization > 1) {
        decoder_.complain(node, path, path + ".utilization is above 1",
                          "it is a share of the capacity, such as 0.8");
      } else if (utilization > 0) {
        target.utilization = utilization;
      }
      if (milliseconds > 0)
        target.latency = std::chrono::duration<double, std::milli>(milliseconds);
    });
  }

  Field external_metrics(std::vector<ScenarioMetric>& target) {
    return field("externalMetrics", [&](const Node& node, Path path) {
      list(node, path, [&](const Node& element, Path at) {
        ScenarioMetric metric;
        decoder_.object(element, at,
                        {decoder_.field("name", metric.name), quantity("value", metric.value),
                         decoder_.field("labels", metric.labels)},
                        Decoder::Unknown::refused);
        if (metric.name.empty() || metric.value.empty()) {
          decoder_.complain(element, at, at + " has no name or no value",
                            "write such as {name: queue, value: 4}");
        }
        target.push_back(std::move(metric));
      });
    });
  }

  Field faults(std::vector<ScenarioFault>& target) {
    return field("faults", [&](const Node& node, Path path) {
      list(node, path, [&](const Node& element, Path at) {
        ScenarioFault fault;
        decoder_.object(element, at,
                        {duration("at", fault.at), duration("for", fault.lasts),
                         decoder_.field("what", fault.what)},
                        Decoder::Unknown::refused);
        if (fault.what != "api" && fault.what != "metrics") {
          decoder_.complain(element, at + ".what", at + ".what is neither", "write api or metrics");
        }
        target.push_back(fault);
      });
    });
  }

  Field load(Scenario& target) {
    return field("load", [&](const Node& node, Path path) {
      list(node, path, [&](const Node& element, Path at) { part(element, at, target); });
    });
  }

  void part(const Node& node, Path path, Scenario& target) {
    const std::size_t before = target.load.size();
    const auto add = [&](auto value) { target.load.emplace_back(std::move(value)); };
    const auto shape = [&](const char* name, auto value, auto fields) {
      return field(name, [this, add, value, fields](const Node& inner, Path at) mutable {
        decoder_.object(inner, at, fields(value), Decoder::Unknown::refused);
        add(value);
      });
    };
    decoder_.object(
        node, path,
        {field("constant", [&](const Node& inner,
                               Path at) { add(ConstantLoad{number_of(inner, at).value_or(0)}); }),
         shape("step", StepLoad{},
               [this](StepLoad& load) {
                 return std::vector{duration("at", load.at), number("height", load.height)};
               }),
         shape("ramp", RampLoad{},
               [this](RampLoad& load) {
                 return std::vector{duration("from", load.from), duration("to", load.to),
                                    number("height", load.height)};
               }),
         shape("sine", SineLoad{},
               [this](SineLoad& load) {
                 return std::vector{period("period", load.period), duration("peak", load.peak),
                                    number("height", load.height)};
               }),
         shape("spike", SpikeLoad{},
               [this](SpikeLoad& load) {
                 return std::vector{duration("at", load.at), number("height", load.height),
                                    period("halfLife", load.half_life)};
               }),
         shape("crowd", CrowdLoad{},
               [this](CrowdLoad& load) {
                 return std::vector{duration("at", load.at), number("height", load.height),
                                    duration("rise", load.rise), duration("hold", load.hold)};
               }),
         shape("noise", NoiseLoad{},
               [this](NoiseLoad& load) {
                 return std::vector{number("deviation", load.deviation),
                                    period("every", load.every), seed(load.seed)};
               }),
         field("csv", [&](const Node& inner, Path at) { recorded(inner, at, target); })},
        Decoder::Unknown::refused);
    if (target.load.size() > before + 1) {
      decoder_.complain(node, path, path + " has several parts", "begin each with a dash");
    }
  }

  void recorded(const Node& node, Path path, Scenario& target) {
    const std::string file = node.text.starts_with('/') ? node.text : folder_ + "/" + node.text;
    try {
      target.load.emplace_back(parse_load_csv(read_file(file)));
    } catch (const std::runtime_error& error) {
      decoder_.complain(node, path, path + ": " + file + ": " + error.what(),
                        "give a file of rows timestamp,value");
    }
  }

  template <typename Read>
  void list(const Node& node, Path path, Read read) {
    if (node.kind != Node::Kind::list) {
      return decoder_.mismatch(node, path, "array", "write a list, each element behind a dash");
    }
    std::size_t index = 0;
    for (const Node& element : node.elements) {
      read(element, path + "[" + std::to_string(index++) + "]");
    }
  }

  Decoder& decoder_;
  const std::string folder_;
};

/// What each key alone cannot tell.
void check(const Scenario& scenario, std::vector<std::string>& complaints) {
  const auto require = [&](bool fine, const char* problem) {
    if (!fine) complaints.emplace_back(problem);
  };
  require(!scenario.load.empty(), "load is missing or empty; give at least - constant: 100");
  require(scenario.replicas >= 0, "replicas is below 0");
  require(scenario.length > Duration(0), "duration is 0; write such as 24h");
  require(scenario.sample_interval >= Duration(100), "sampleInterval is below 0.1s");
  require(scenario.length / std::max(scenario.sample_interval, Duration(1)) <= 5'000'000,
          "duration holds more than 5,000,000 times sampleInterval; raise that");
  const auto& latency = scenario.service_level.latency;
  require(
      !latency || latency->count() > 1000 / scenario.capacity_per_replica,
      "serviceLevel.latencyMilliseconds is not above 1000 / capacityPerReplica, which a request "
      "takes without any load; no number of replicas would do");
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& name,
                        const std::string& folder) {
  Scenario scenario;
  Report report;
  try {
    const Document document = parse_document(text);
    Decoder decoder({Source::Kind::file, name}, document.language, report);
    Reader(decoder, folder).scenario(document.root, scenario);
  } catch (const DocumentError& error) {
    report.complaints.push_back(name + " is neither YAML nor JSON: " + error.what());
  }
  if (report.complaints.empty()) check(scenario, report.complaints);
  if (report.complaints.empty()) {
    if (!scenario.service_level.utilization && !scenario.service_level.latency) {
      scenario.service_level.utilization = 1;
    }
    return scenario;
  }
  std::string lines;
  for (const std::string& complaint : report.complaints) {
    lines += (lines.empty() ? "" : "\n") + complaint;
  }
  throw ScenarioError(lines);
}

}  // namespace cpab
