#include "cpab/config/load.h"

#include <iterator>

#include "cpab/config/checker.h"
#include "cpab/config/display.h"
#include "cpab/config/document.h"
#include "cpab/config/sections.h"
#include "cpab/config/validate.h"
#include "cpab/io/file.h"

namespace cpab {
namespace {

std::string lines(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : "\n") + text;
  return result;
}

/// False when nothing could be made of the text; then there is nothing to validate either.
bool read_document(std::string_view text, const Source& source, Draft& draft, Report& report) {
  try {
    const Document document = parse_document(text);
    Decoder decoder(source, document.language, report);
    decode(decoder, document.root, "", draft);
    decoder.note_ignored_text(document);
    return !report.is_broken("");
  } catch (const DocumentError& error) {
    report.complaints.push_back(std::string(source.complaint_prefix()) + escaped(error.what()) +
                                " (" + source.name + "); write YAML or JSON");
    return false;
  }
}

/// Turns the words of enumerations into their values.
void settle_words(Draft& draft, Report& report) {
  Checker checker(report);
  checker.require(draft.run_mode == "per-pod" || draft.run_mode == "per-resource", "runMode",
                  "unknown run mode: " + escaped_value(draft.run_mode),
                  "write per-pod or per-resource");
  checker.require(draft.log_format == "text" || draft.log_format == "json", "logFormat",
                  "unknown log format: " + escaped_value(draft.log_format), "write text or json");
  checker.require(!draft.api_is_null, "apiConfig", "apiConfig is null",
                  "remove the key to get the defaults, or give it keys, such as enabled: true");
  const auto mode = parse_mode(draft.mode);
  checker.require(mode.has_value(), "mode", "unknown mode: " + escaped_value(draft.mode),
                  "write active or shadow");
  draft.config.mode = mode.value_or(Mode::shadow);
  const bool per_resource = draft.run_mode == "per-resource";
  draft.config.run_mode = per_resource ? RunMode::per_resource : RunMode::per_pod;
  draft.config.log_format = draft.log_format == "json" ? LogFormat::json : LogFormat::text;
}

/// Where the configuration is in a container.
constexpr const char* default_path = "/config.yaml";

/// The HPA takes samples of any age.
void settle_sample_age(Draft& draft) {
  const bool as_hpa = draft.config.parity != Parity::none;
  const auto otherwise = as_hpa ? std::chrono::seconds(0) : default_max_sample_age;
  draft.config.max_sample_age = draft.max_sample_age.value_or(otherwise);
}

/// Settles how long a scale-down is stabilized, which can be said in two places.
void settle_window(Draft& draft, Report& report) {
  Config& config = draft.config;
  std::optional<std::chrono::seconds> window;
  if (config.behavior) window = config.behavior->scale_down.stabilization_window;
  const auto& said = draft.downscale_stabilization;
  const std::string path = "behavior.scaleDown.stabilizationWindowSeconds";
  Checker checker(report);
  if (window && said && *window != *said) {
    checker.require(false, path,
                    path + " is " + std::to_string(window->count()) +
                        ", and downscaleStabilization, which means the same, is " +
                        std::to_string(said->count()) + ", " +
                        checker.origins().of("downscaleStabilization"),
                    "give one of them, or both the same value");
  }
  const bool hpa_rules = config.behavior || config.evaluated_as_hpa();
  const auto otherwise = hpa_rules ? default_scale_down_window : std::chrono::seconds(0);
  config.downscale_stabilization = window.value_or(said.value_or(otherwise));
}

}  // namespace

ConfigError::ConfigError(std::vector<std::string> all)
    : std::runtime_error(lines(all)), complaints(std::move(all)) {}

std::string config_path(const Environment& environment) {
  const auto found = environment.find("configPath");
  return found == environment.end() ? default_path : found->second;
}

LoadedConfig load_config(const std::string& path, const Environment& environment, Slips slips) {
  std::string text;
  try {
    text = read_file(path, file_kind::configuration);
  } catch (const FileError& error) {
    const bool named = path != default_path;
    throw ConfigError({"Fail to read configuration file: " + std::string(error.what()) +
                       (named ? "" : "; name another file by the variable configPath")});
  }
  return load_config_text(text, path, environment, slips);
}

LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const Environment& environment, Slips slips) {
  Draft draft;
  Report report;
  const bool readable = read_document(text, {Source::Kind::file, name}, draft, report);
  merge_environment(environment, draft, report);
  if (readable) {
    settle_words(draft, report);
    settle_window(draft, report);
    settle_sample_age(draft);
    validate(draft.config, report);
  }
  auto& slips_go_to = slips == Slips::refuse ? report.complaints : report.warnings;
  std::move(report.slips.begin(), report.slips.end(), std::back_inserter(slips_go_to));
  if (!report.complaints.empty()) throw ConfigError(std::move(report.complaints));
  return {std::move(draft.config), name, std::move(report.warnings), std::move(report.origins)};
}

}  // namespace cpab
