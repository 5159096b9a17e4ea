#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <thread>

#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/backtest/failed_cycles.h"
#include "cpab/backtest/gate.h"
#include "cpab/backtest/replay.h"
#include "cpab/backtest/report.h"
#include "cpab/config/load.h"
#include "cpab/io/file.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/logging.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "cpab/pipeline/script_files.h"

namespace cpab {
namespace {

namespace fs = std::filesystem;

/// Ctrl-C in the middle.
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted; nothing was written") {}
};

/// Requests a stop as soon as SIGTERM or SIGINT comes, also while a program of the user runs.
class Interruption {
 public:
  explicit Interruption(StopSignals& signals)
      : watcher_([this, &signals](const std::stop_token& over) {
          while (!over.stop_requested() && !signals.wait_for(look_again)) continue;
          if (!over.stop_requested()) came_.request_stop();
        }) {}

  std::stop_token token() const { return came_.get_token(); }

 private:
  static constexpr std::chrono::milliseconds look_again{50};

  std::stop_source came_;
  std::jthread watcher_;
};

/// A bar on standard error while a replay runs, if that is a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string title) : title_(std::move(title)) {}
  ~ProgressBar() {
    if (shown_ >= 0) std::fputs("\r\033[K", stderr);
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(double share) {
    const int percent = static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
    if (percent == shown_ || isatty(STDERR_FILENO) == 0) return;
    shown_ = percent;
    const std::string bar(static_cast<std::size_t>(percent / 4), '#');
    std::fprintf(stderr, "\r%s  [%-25s] %3d %%", title_.c_str(), bar.c_str(), percent);
  }

 private:
  const std::string title_;
  int shown_ = -1;
};

void write_file(const fs::path& path, const std::string& content) {
  std::ofstream file(path);
  file << content;
  if (!file.flush()) {
    throw std::system_error(errno, std::generic_category(), "write " + path.string());
  }
}

void warn(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) print_error("warning: " + text);
}

/// One configuration in the scenario, and what came of it.
class Run {
 public:
  Run(const std::string& path, const std::string& name, const Scenario& scenario,
      const std::stop_token& stop)
      : path_(path), loaded_(load_config(path, process_environment())) {
    warn(loaded_.warnings);
    warn(notes_on_scripts(loaded_.config, path));
    ProgressBar bar(path);
    const SystemClock clock;
    const TimePoint began = clock.now();
    result_ = replay(
        loaded_.config, scenario, [&](double share) { bar.show(share); }, stop);
    if (stop.stop_requested()) throw Interrupted();
    seconds_ = std::chrono::duration<double>(clock.now() - began).count();
    summary_ = {name, summarize(result_.timeline, scenario.sample_interval, result_.cycles)};
  }

  const NamedSummary& summary() const { return summary_; }

  ReportedReplay reported() const { return {summary_.name, result_, summary_.summary}; }

  void tell_speed() const {
    std::printf("%s: %lld cycles in %.2f s, %.0f a second\n", path_.c_str(),
                static_cast<long long>(result_.cycles.all), seconds_,
                static_cast<double>(result_.cycles.all) / std::max(seconds_, 1e-6));
  }

  /// False when nothing can be told from it.
  bool tell_failures() const {
    const std::string text = describe_failed_cycles(result_.decisions);
    if (!text.empty()) warn({path_ + ": " + text});
    const std::string nothing = describe_no_success(result_.decisions);
    if (!nothing.empty()) print_error("error: " + path_ + ": " + nothing);
    return nothing.empty();
  }

  void write_to(const fs::path& folder) const {
    fs::create_directories(folder);
    std::string decisions;
    for (const DecisionRecord& decision : result_.decisions) decisions += to_json(decision) + "\n";
    write_file(folder / "timeline.csv", to_csv(result_.timeline));
    write_file(folder / "decisions.jsonl", decisions);
    write_file(folder / "summary.json", to_json(summary_.summary));
  }

 private:
  const std::string path_;
  const LoadedConfig loaded_;
  ReplayResult result_;
  NamedSummary summary_;
  double seconds_ = 0;
};

/// File names, with their folders where they are the same.
std::vector<std::string> names_of(const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  std::vector<std::string> longer;
  for (const std::string& path : paths) {
    const fs::path full = fs::absolute(path).lexically_normal();
    names.push_back(full.filename());
    longer.push_back(full.parent_path().filename() / full.filename());
  }
  return names.front() == names.back() && names.size() > 1 ? longer : names;
}

/// Those that are written, found to be about something that there will be, and the default ones.
std::vector<Gate> read_gates(const std::vector<std::string>& texts,
                             const std::vector<std::string>& names) {
  std::vector<Gate> gates;
  std::transform(texts.begin(), texts.end(), std::back_inserter(gates), parse_gate);
  std::vector<NamedSummary> nothing;
  nothing.reserve(names.size());
  for (const std::string& name : names) nothing.push_back({name, summarize({}, Duration(1), {})});
  beyond_limits(gates, nothing);
  return with_default_gates(std::move(gates), names.size());
}

/// What came of it, for people and for programs.
void write_results(const SimulateOptions& options, const Scenario& scenario,
                   const std::vector<Run>& runs) {
  const fs::path folder = options.out;
  std::vector<ReportedReplay> replays;
  for (const Run& run : runs) {
    run.write_to(replays.empty() ? folder : folder / "compare");
    replays.push_back(run.reported());
  }
  const fs::path report = folder / "report.html";
  write_file(report, report_html(fs::path(options.scenario).filename(), scenario, replays));
  std::printf("\nWritten to %s; to look at it, open %s in a browser\n", options.out.c_str(),
              report.c_str());
}

int run(const SimulateOptions& options, const std::stop_token& stop) {
  std::vector<std::string> paths = {options.config};
  if (!options.compare.empty()) paths.push_back(options.compare);
  const std::vector<std::string> names = names_of(paths);
  const std::vector<Gate> gates = read_gates(options.gates, names);
  const Scenario scenario = parse_scenario(read_scenario_file(options.scenario), options.scenario,
                                           fs::absolute(options.scenario).parent_path().string());
  for (const std::string& remark : scenario.remarks) print_error("note: " + remark);
  for (const ScenarioService& service : scenario.services) {
    warn(notes_on_command("a service", service.command, options.scenario));
  }
  std::vector<Run> runs;
  runs.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    runs.emplace_back(paths[i], names[i], scenario, stop);
  }
  std::vector<NamedSummary> summaries;
  for (const Run& run : runs) {
    run.tell_speed();
    summaries.push_back(run.summary());
  }
  std::printf("\n%s", to_table(summaries).c_str());
  if (!options.out.empty()) write_results(options, scenario, runs);
  std::fflush(stdout);
  const auto untold =
      std::count_if(runs.begin(), runs.end(), [](const Run& run) { return !run.tell_failures(); });
  const std::vector<std::string> beyond = beyond_limits(gates, summaries);
  for (const std::string& sentence : beyond) print_error(sentence);
  if (untold > 0) return exit_no_cycle;
  return beyond.empty() ? exit_ok : exit_gate;
}

int failed(const std::exception& error, int code) {
  print_error(std::string("cpab simulate: ") + error.what());
  return code;
}

}  // namespace

int backtest_command(const SimulateOptions& options) {
  close_inherited_descriptors_on_exec();
  StopSignals signals;
  // Each failed cycle is in the decisions.
  set_up_logging({.verbosity = -1, .output = [](std::string_view) {}});
  try {
    const Interruption interruption(signals);
    return run(options, interruption.token());
  } catch (const Interrupted& error) {
    return failed(error, exit_failure);
  } catch (const std::system_error& error) {
    return failed(error, exit_failure);
  } catch (const std::exception& error) {
    return failed(error, exit_usage);
  }
}

}  // namespace cpab
