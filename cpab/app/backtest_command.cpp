#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "cpab/app/commands.h"
#include "cpab/backtest/gate.h"
#include "cpab/backtest/replay.h"
#include "cpab/backtest/report.h"
#include "cpab/config/load.h"
#include "cpab/io/file.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/logging.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"

namespace cpab {
namespace {

namespace fs = std::filesystem;

/// Ctrl-C in the middle.
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted; nothing was written") {}
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

/// One configuration in the scenario, and what came of it.
class Run {
 public:
  Run(const std::string& path, const Scenario& scenario, StopSignals& signals)
      : path_(path), config_(load_config(path, process_environment()).config) {
    ProgressBar bar(path);
    std::stop_source stop;
    const SystemClock clock;
    const TimePoint began = clock.now();
    result_ = replay(
        config_, scenario,
        [&](double share) {
          bar.show(share);
          if (signals.wait_for(Duration(0))) stop.request_stop();
        },
        stop.get_token());
    if (stop.stop_requested()) throw Interrupted();
    seconds_ = std::chrono::duration<double>(clock.now() - began).count();
    summary_ = summarize(result_.timeline, scenario.sample_interval, result_.cycles);
  }

  const Summary& summary() const { return summary_; }

  ReportedReplay reported_as(const std::string& name) const { return {name, result_, summary_}; }

  void tell_speed() const {
    std::printf("%s: %lld cycles in %.2f s, %.0f a second\n", path_.c_str(),
                static_cast<long long>(result_.cycles.all), seconds_,
                static_cast<double>(result_.cycles.all) / std::max(seconds_, 1e-6));
  }

  void write_to(const fs::path& folder) const {
    fs::create_directories(folder);
    std::string decisions;
    for (const DecisionRecord& decision : result_.decisions) decisions += to_json(decision) + "\n";
    write_file(folder / "timeline.csv", to_csv(result_.timeline));
    write_file(folder / "decisions.jsonl", decisions);
    write_file(folder / "summary.json", to_json(summary_));
  }

 private:
  const std::string path_;
  const Config config_;
  ReplayResult result_;
  Summary summary_;
  double seconds_ = 0;
};

/// File names, with their folders where they are the same.
std::vector<std::string> report_names(const std::string& config, const std::string& compare) {
  const auto name_and_folder = [](const std::string& path) {
    const fs::path full = fs::absolute(path).lexically_normal();
    return (full.parent_path().filename() / full.filename()).string();
  };
  std::vector<std::string> names = {fs::path(config).filename(), fs::path(compare).filename()};
  if (names[0] == names[1]) names = {name_and_folder(config), name_and_folder(compare)};
  return names;
}

/// What came of it, for people and for programs.
void write_results(const SimulateOptions& options, const Scenario& scenario, const Run& first,
                   const Run* second) {
  const fs::path folder = options.out;
  const std::vector<std::string> names = report_names(options.config, options.compare);
  std::vector<ReportedReplay> replays = {first.reported_as(names[0])};
  first.write_to(folder);
  if (second != nullptr) {
    second->write_to(folder / "compare");
    replays.push_back(second->reported_as(names[1]));
  }
  const fs::path report = folder / "report.html";
  write_file(report, report_html(fs::path(options.scenario).filename(), scenario, replays));
  std::printf("\nWritten to %s; to look at it, open %s in a browser\n", options.out.c_str(),
              report.c_str());
}

/// Says which limits `summary` is beyond; whether there are any.
bool is_beyond(const std::vector<Gate>& gates, const Summary& summary) {
  bool beyond = false;
  for (const Gate& gate : gates) {
    if (!gate.trips(summary)) continue;
    beyond = true;
    std::fprintf(stderr, "beyond the limit %s: it is %g\n", gate.text.c_str(),
                 value_of(summary, gate.name));
  }
  return beyond;
}

int run(const SimulateOptions& options, StopSignals& signals) {
  std::vector<Gate> gates;
  for (const std::string& text : options.gates) {
    gates.push_back(parse_gate(text));
    gates.back().trips(summarize({}, Duration(1), {}));  // that there is such a value
  }
  const Scenario scenario = parse_scenario(read_file(options.scenario), options.scenario,
                                           fs::absolute(options.scenario).parent_path().string());
  for (const std::string& remark : scenario.remarks) {
    std::fprintf(stderr, "note: %s\n", remark.c_str());
  }
  const Run first(options.config, scenario, signals);
  const bool compares = !options.compare.empty();
  const auto second =
      compares ? std::make_unique<Run>(options.compare, scenario, signals) : nullptr;
  first.tell_speed();
  if (second) second->tell_speed();
  std::printf("\n%s", to_table(first.summary(), second ? &second->summary() : nullptr).c_str());
  if (!options.out.empty()) write_results(options, scenario, first, second.get());
  std::fflush(stdout);
  return is_beyond(gates, first.summary()) ? exit_gate : exit_ok;
}

int failed(const std::exception& error, int code) {
  std::fprintf(stderr, "cpab simulate: %s\n", error.what());
  return code;
}

}  // namespace

int backtest_command(const SimulateOptions& options) {
  close_inherited_descriptors_on_exec();
  StopSignals signals;
  // Each failed cycle is in the decisions.
  set_up_logging({.verbosity = -1, .output = [](std::string_view) {}});
  try {
    return run(options, signals);
  } catch (const Interrupted& error) {
    return failed(error, exit_failure);
  } catch (const std::system_error& error) {
    return failed(error, exit_failure);
  } catch (const std::exception& error) {
    return failed(error, exit_usage);
  }
}

}  // namespace cpab
