#include "fuzz/loaded_config.h"

#include "cpab/config/effective.h"
#include "cpab/config/load.h"
#include "cpab/io/manual_clock.h"
#include "cpab/io/process_runner.h"
#include "cpab/model/utf8.h"
#include "cpab/pipeline/stage_methods.h"
#include "fuzz/property.h"

namespace cpab {
namespace {

void check_lines(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    require(!text.empty(), "a complaint says something");
    require(text.find_first_of(std::string_view("\n\r\0", 3)) == std::string::npos,
            "a complaint is one line");
    require(utf8_repaired(text) == text, "a complaint can be logged as JSON");
  }
}

void check_limits(const Config& config) {
  require(config.bounds.minimum >= 0 && config.bounds.minimum <= config.bounds.maximum,
          "bounds make sense");
  require(config.interval > Duration(0) && config.start_time > Duration(0), "times are positive");
  require(config.downscale_stabilization.count() >= 0, "a window is not negative");
  require(config.metric && config.evaluate, "there is user logic");
  require(config.metric->timeout > Duration(0), "a method has a timeout");
  require(!config.target.name.empty() && !config.target.kind.empty(), "there is a target");
  require(!config.api.enabled || (config.api.port >= 0 && config.api.port <= 65535),
          "a port is one");
  require(config.max_output_bytes > 0 && config.max_output_bytes <= 1u << 30, "output is bounded");
  require(config.max_cycle_bytes >= 1u << 20, "a cycle has room for something");
}

/// The listing spells out what is left to the defaults.
Config spelt_out(Config config) {
  ApiAllow& allow = config.api.allow;
  for (auto* rule : {&allow.reads, &allow.dry_runs, &allow.runs}) *rule = config.api.allowed(*rule);
  return config;
}

/// Without secrets, and without bytes that YAML cannot hold (a variable may be any bytes), the
/// listing loads as the configuration it shows.
void check_listing(const LoadedConfig& loaded) {
  const std::string listing = effective_config(loaded);
  for (const char* unlike : {"***", "\uFFFD"}) {
    if (listing.find(unlike) != std::string::npos) return;
  }
  require(load_config_text(listing, "listing", {}).config == spelt_out(loaded.config),
          "the listing loads as the same configuration");
}

class NoProcesses : public ProcessRunner {
 public:
  ProcessResult run(const ProcessRequest&) override { throw ProcessError("nothing runs here"); }
};

/// What `cpab validate` finds valid, `cpab run` has to take.
void check_methods(const Config& config) {
  ManualClock clock;
  NoProcesses processes;
  try {
    make_stage_methods(config, builtin_methods({.processes = processes,
                                                .clock = clock,
                                                .max_output_bytes = config.max_output_bytes,
                                                .behavior = config.behavior}));
  } catch (const MethodError&) {
    require(false, "methods can be made of what is valid");
  }
}

}  // namespace

void check_load(std::string_view text, const Environment& environment) {
  try {
    const LoadedConfig loaded = load_config_text(text, "config.yaml", environment);
    check_lines(loaded.warnings);
    check_limits(loaded.config);
    check_listing(loaded);
    check_methods(loaded.config);
  } catch (const ConfigError& error) {
    require(!error.complaints.empty(), "an error has complaints");
    check_lines(error.complaints);
  }
}

}  // namespace cpab
