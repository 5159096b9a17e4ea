#include "cpab/console/explanation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "cpab/model/printable.h"

namespace cpab {
namespace {

constexpr std::size_t label_width = 14;
const std::string indent(label_width, ' ');

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string replicas(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " replica" : " replicas");
}

/// Lines behind labels, each text beginning in the same column.
class Lines {
 public:
  explicit Lines(const Style& style) : style_(style) {}

  /// What others have written is made printable here.
  void add(const std::string& label, const std::string& text) {
    const std::string safe = printable(without_line_end(text), indent);
    text_ += "  " + style_.faint(padded_right(label, label_width - 2)) + safe + "\n";
  }

  /// For a text that is coloured already.
  void add_raw(const std::string& label, const std::string& text) {
    text_ += "  " + style_.faint(padded_right(label, label_width - 2)) + text + "\n";
  }

  /// One line below the other, labelled once.
  void add_all(const std::string& label, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) add(i == 0 ? label : "", texts[i]);
  }

  const std::string& text() const { return text_; }

 private:
  const Style& style_;
  std::string text_;
};

std::string trigger_text(const std::string& trigger) {
  if (trigger == "scaler") return "by the timer";
  if (trigger == "api") return "over the API";
  if (trigger == "api_dry_run") return "a dry run";
  return trigger;
}

std::string asked_for(const DecisionView& decision) {
  const std::string what = decision.wanted ? replicas(*decision.wanted) : "keeping what is there";
  return decision.reason.empty() ? what + ", without a reason" : what + ": " + decision.reason;
}

std::vector<std::string> proposal_lines(const std::vector<DecisionView::Proposal>& proposals) {
  std::size_t width = 0;
  for (const auto& p : proposals) width = std::max(width, p.type.size() + p.metric.size() + 1);
  std::vector<std::string> lines;
  for (const auto& p : proposals) {
    std::string line = padded_right(p.type + " " + p.metric, width) + "  ";
    line += p.replicas ? replicas(*p.replicas) : "failed: " + p.error;
    if (!p.current.empty()) line += ", is " + p.current;
    if (!p.target.empty()) line += ", should be " + p.target;
    if (!p.measured_at.empty()) line += ", measured " + p.measured_at;
    if (!p.note.empty()) line += ", " + p.note;
    if (p.wins) line += ": wins";
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> step_lines(const std::vector<DecisionView::Step>& steps) {
  std::size_t width = 0;
  for (const auto& step : steps) width = std::max(width, step.rule.size());
  std::vector<std::string> lines;
  for (const auto& step : steps) {
    std::string line = padded_right(step.rule, width) + "  " + std::to_string(step.from) + " -> " +
                       std::to_string(step.to) + "  " + step.detail;
    if (!step.reason.empty()) line += " (" + step.reason + ")";
    lines.push_back(line);
  }
  return lines;
}

std::string result(const DecisionView& decision) {
  const std::string count = replicas(*decision.desired);
  return decision.limited_by.empty() ? count : count + ", limited by " + decision.limited_by;
}

std::string written(const DecisionView& decision) {
  const std::string count = decision.desired ? replicas(*decision.desired) : "a count";
  const std::string before =
      decision.current ? " instead of " + std::to_string(*decision.current) : "";
  const std::string& action = decision.action;
  if (action == "scaled" && decision.trigger == "api_dry_run") {
    return "nothing: this is a dry run; otherwise " + count + before;
  }
  if (action == "scaled") return count + before;
  if (action == "unchanged") return "nothing: it is what it should be";
  if (action == "held" && decision.limited_by == "conflict") {
    return "nothing: somebody else changed the count meanwhile, and theirs stands";
  }
  if (action == "held" && decision.limited_by == "answer") {
    return "what the API server made of it: " + count;
  }
  if (action == "held") return "nothing: the evaluation asked to keep what is there";
  if (action == "shadow") return "nothing: cpab is in shadow mode; otherwise " + count + before;
  if (action == "disabled") {
    return "nothing: with 0 replicas the target is switched off; scale it up by hand to go on";
  }
  if (action == "failed") return "nothing: a failure never changes the count";
  return action;
}

/// JSON that proposals have put into words already, and of which a record holds the beginning only.
bool is_told_by_proposals(const DecisionView& decision, const std::string& value) {
  return !decision.proposals.empty() && (value.starts_with('[') || value.starts_with('{'));
}

std::vector<std::string> metric_lines(const DecisionView& decision) {
  std::vector<std::string> lines;
  for (const auto& [resource, value] : decision.metrics) {
    if (is_told_by_proposals(decision, value)) return {};
    lines.push_back(resource + ": " + without_line_end(value));
  }
  if (decision.metric_count > lines.size()) {
    lines.push_back("and " + std::to_string(decision.metric_count - lines.size()) + " more");
  }
  return lines;
}

std::string took(const DecisionView& decision) {
  double sum = 0;
  std::string stages;
  for (const auto& [stage, milliseconds] : decision.durations) {
    sum += milliseconds;
    stages += (stages.empty() ? "" : ", ") + stage + " " + duration_text(milliseconds);
  }
  return duration_text(sum) + ": " + stages;
}

void add_failure(Lines& lines, const DecisionView::Failure& failure, const Style& style) {
  lines.add_raw("failed", style.bad("stage " + printable(failure.stage, "") + ", reason " +
                                    printable(failure.reason, "")));
  lines.add("", failure.message);
  if (!failure.err.empty()) lines.add("stderr", failure.err);
  if (!failure.out.empty()) lines.add("stdout", failure.out);
  lines.add("what to do", advice(failure.stage, failure.reason));
}

std::string heading(const DecisionView& decision, const Style& style) {
  const std::string name = decision.id == 0 ? "Dry run" : "Decision " + std::to_string(decision.id);
  return style.strong(name + " for " + printable(decision.target, "")) + ", " +
         printable(decision.time, "") + ", " + trigger_text(decision.trigger) + "\n" +
         style.by_action(printable(decision.message, "  "), decision.action) + "\n\n";
}

std::string kubernetes_advice(const std::string& stage) {
  if (stage == "target") {
    return "Check that the API server can be reached, scaleTargetRef and namespace, and that the "
           "role lets cpab get the target.";
  }
  if (stage == "scale" || stage == "patch") {
    return "Check that the role lets cpab get and patch the scale subresource of the target.";
  }
  if (stage == "pods") return "Check that the role lets cpab list the pods of the namespace.";
  return "Check that the API server can be reached, and that the role allows what was asked for.";
}

}  // namespace

std::string explain(const DecisionView& decision, const Style& style) {
  Lines lines(style);
  if (decision.evaluated) lines.add("asked for", asked_for(decision));
  lines.add_all("proposals", proposal_lines(decision.proposals));
  if (decision.current) lines.add("there were", replicas(*decision.current));
  lines.add_all("rules", step_lines(decision.steps));
  if (decision.desired) lines.add("came out", result(decision));
  lines.add("written", written(decision));
  if (decision.failure) add_failure(lines, *decision.failure, style);
  lines.add_all("measured", metric_lines(decision));
  if (!decision.durations.empty()) lines.add("took", took(decision));
  return heading(decision, style) + lines.text();
}

std::string advice(const std::string& stage, const std::string& reason) {
  static const std::array<std::pair<std::string_view, std::string_view>, 14> known = {{
      {"exit",
       "The program ended with an error; what it said is above. Run it by hand with the input of "
       "its stage, which docs/methods.md shows."},
      {"signal",
       "The program crashed or was killed, perhaps for want of memory; look at the limits of the "
       "container."},
      {"spawn",
       "The program could not be started: is it in the image, may it be executed, is its "
       "interpreter there?"},
      {"output_too_large", "Let the program print less, or raise maxOutputBytes."},
      {"memory",
       "Let the metrics be smaller, or raise maxCycleBytes and the memory limit of the container."},
      {"http_status",
       "Look at what the service logs; if that status is fine, add it to successCodes."},
      {"connect", "Check the URL, and that the service runs and can be reached from here."},
      {"tls", "Check the certificate of the service, its name and dates, and caCert."},
      {"closed", "The service closed the connection; look at what it logs."},
      {"truncated", "The service ended its answer too early; look at what it logs."},
      {"redirects", "The service redirects in circles; correct the URL."},
      {"config", "Correct the configuration of this method; cpab validate checks it."},
      {"invalid_evaluation",
       "Let evaluate print one JSON object such as {\"targetReplicas\": 5} and nothing else; "
       "whatever is for people belongs on standard error."},
      {"stopped", "Nothing: cpab was shutting down."},
  }};
  if (reason == "timeout") {
    return "Make " + stage + " faster, or raise its timeout in the configuration.";
  }
  if (reason == "kubernetes") return kubernetes_advice(stage);
  if (reason.starts_with("FailedGet")) {
    return "Check that the API that serves this metric is there (kubectl get apiservices) and has "
           "it, and that the role lets cpab read it.";
  }
  const auto* entry = std::find_if(known.begin(), known.end(),
                                   [&](const auto& pair) { return pair.first == reason; });
  if (entry != known.end()) return std::string(entry->second);
  return "Look at the log of cpab around this time.";
}

std::string duration_text(double milliseconds) {
  char text[32];
  if (milliseconds >= 1'000) {
    std::snprintf(text, sizeof text, "%.1f s", milliseconds / 1'000);
  } else if (milliseconds >= 10) {
    std::snprintf(text, sizeof text, "%.0f ms", milliseconds);
  } else {
    std::snprintf(text, sizeof text, "%.1f ms", milliseconds);
  }
  return text;
}

}  // namespace cpab
