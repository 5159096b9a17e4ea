#include "cpab/backtest/surroundings.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "cpab/model/json_text.h"
#include "cpab/model/number.h"
#include "cpab/model/replaced.h"

namespace cpab {
namespace {

namespace fs = std::filesystem;
using Place = ShownValue::Place;

constexpr std::size_t most_files = 100'000;

bool shows_files(const Scenario& scenario) {
  return std::any_of(scenario.shows.begin(), scenario.shows.end(),
                     [](const ShownValue& shown) { return shown.place == Place::files; });
}

/// The members of a merge patch; what has no value is taken away.
std::string patch_of(const std::map<std::string, std::optional<std::string>>& values) {
  std::string members;
  for (const auto& [name, value] : values) {
    members += (members.empty() ? "" : ",") + json_quote(name) + ":" +
               (value ? json_quote(*value) : "null");
  }
  return "{" + members + "}";
}

}  // namespace

Surroundings::Surroundings(const Scenario& scenario, SimulatedCluster& cluster,
                           PosixProcessRunner& programs)
    : scenario_(scenario), cluster_(cluster), programs_(programs), last_(scenario.shows.size()) {
  if (shows_files(scenario)) files_ = std::make_unique<TemporaryFolder>("cpab-replay-");
}

void Surroundings::set_environment(const std::string& cluster_url) {
  cluster_url_ = cluster_url;
  for (const auto& [name, value] : scenario_.environment) {
    programs_.set_variable(name, filled(value));
  }
}

std::string Surroundings::filled(std::string text) const {
  text = replaced(std::move(text), "{cluster}", cluster_url_);
  text = replaced(std::move(text), "{http}", cluster_url_ + "/simulation/http");
  return files_ ? replaced(std::move(text), "{files}", files_->path()) : text;
}

void Surroundings::show(const std::optional<WorldMoment>& moment) {
  for (std::size_t i = 0; i < last_.size(); ++i) {
    Text text = text_of(scenario_.shows[i], moment);
    if (text == last_[i]) continue;
    write(scenario_.shows[i], text);
    last_[i] = std::move(text);
  }
  write_metadata();
}

Surroundings::Text Surroundings::text_of(const ShownValue& shown,
                                         const std::optional<WorldMoment>& moment) const {
  const auto amount = moment ? amount_of(shown, *moment) : std::nullopt;
  if (!amount) return std::nullopt;
  if (shown.place != Place::http) return amount_text(*amount);
  return replaced(shown.body, "{value}", amount_text(*amount));
}

void Surroundings::write(const ShownValue& shown, const Text& text) {
  switch (shown.place) {
    case Place::label:
      changed_labels_[shown.name] = text;
      return;
    case Place::annotation:
      changed_annotations_[shown.name] = text;
      return;
    case Place::http:
      return cluster_.set_page(shown.name, text);
    case Place::variable:
      return text ? programs_.set_variable(shown.name, *text)
                  : programs_.clear_variable(shown.name);
    case Place::files:
      return write_files(files_->path() + "/" + shown.name, text);
    case Place::external_metric:
      return write_metric({target_.namespace_name, "", "", shown.name}, shown, text);
    case Place::object_metric:
      return write_metric(cluster_.metric_of(target_, shown.name), shown, text);
    case Place::pods_metric:
      return write_metric({target_.namespace_name, "pods", "*", shown.name}, shown, text);
  }
}

void Surroundings::write_metric(const MetricSubject& subject, const ShownValue& shown,
                                const Text& text) {
  if (text) {
    cluster_.set_metric(subject, {shown.labels, *text});
  } else {
    cluster_.remove_metric(subject, shown.labels);
  }
}

/// All of them in one patch, as one `kubectl label` would.
void Surroundings::write_metadata() {
  if (changed_labels_.empty() && changed_annotations_.empty()) return;
  cluster_.merge_patch(target_, R"({"metadata":{"labels":)" + patch_of(changed_labels_) +
                                    R"(,"annotations":)" + patch_of(changed_annotations_) + "}}");
  changed_labels_.clear();
  changed_annotations_.clear();
}

/// Adds and takes away empty files until there are so many; without a value there is no folder.
void Surroundings::write_files(const std::string& folder, const Text& count) {
  std::size_t& there = counts_[folder];
  if (!count) {
    fs::remove_all(folder);
    there = 0;
    return;
  }
  fs::create_directories(folder);
  const double wanted =
      std::clamp(std::ceil(number_in(*count).value_or(0)), 0.0, static_cast<double>(most_files));
  for (; there < static_cast<std::size_t>(wanted); ++there) {
    std::ofstream(folder + "/" + std::to_string(there));
  }
  for (; there > static_cast<std::size_t>(wanted); --there) {
    fs::remove(folder + "/" + std::to_string(there - 1));
  }
}

}  // namespace cpab
