#include "cpab/telemetry/metric_registry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cpab {
namespace {

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::histogram:
      return "histogram";
  }
  return "untyped";
}

/// The shortest text that is read back as the same number.
std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

/// Label values escape quotes too; a help text has none around it.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    out += c;
  }
  return out;
}

/// `a="1",b="2"`.
std::string joined(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text += name + "=\"" + escaped(value, true) + '"';
  }
  return text;
}

void append_line(std::string& text, const std::string& name, const std::string& labels,
                 const std::string& value) {
  text += name;
  if (!labels.empty()) text += '{' + labels + '}';
  text += ' ' + value + '\n';
}

std::string with_bound(const std::string& labels, const std::string& bound) {
  return labels + (labels.empty() ? "" : ",") + "le=\"" + bound + '"';
}

}  // namespace

MetricRegistry::MetricRegistry(std::vector<MetricFamily> families, const MetricLabels& common,
                               std::string prefix)
    : common_(joined(common)), prefix_(std::move(prefix)) {
  for (MetricFamily& family : families) {
    positions_.emplace(family.name, entries_.size());
    entries_.push_back({std::move(family), {}});
  }
}

void MetricRegistry::add(const std::string& name, const MetricLabels& labels, double amount) {
  const std::lock_guard lock(mutex_);
  if (Series* found = series(name, labels)) found->value += amount;
}

void MetricRegistry::set(const std::string& name, const MetricLabels& labels, double value) {
  const std::lock_guard lock(mutex_);
  if (Series* found = series(name, labels)) found->value = value;
}

void MetricRegistry::set_all_to_zero(const std::string& name) {
  const std::lock_guard lock(mutex_);
  for (auto& [labels, series] : entry(name).series) series.value = 0;
}

void MetricRegistry::observe(const std::string& name, const MetricLabels& labels, double value) {
  const std::lock_guard lock(mutex_);
  Series* found = series(name, labels);
  if (found == nullptr) return;
  const std::vector<double>& bounds = entry(name).family.buckets;
  found->buckets.resize(bounds.size() + 1);
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  ++found->buckets[static_cast<std::size_t>(bucket)];
  ++found->count;
  found->value += value;
}

std::string MetricRegistry::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [family, series] : entries_) {
    if (series.empty()) continue;
    text += "# HELP " + family.name + ' ' + escaped(family.help, false) + '\n';
    text += "# TYPE " + family.name + ' ' + std::string(type_name(family.type)) + '\n';
    for (const auto& [labels, values] : series) append_series(text, family, labels, values);
  }
  return text;
}

std::string MetricRegistry::label_text(const std::string& name, const MetricLabels& labels) const {
  const std::string own = joined(labels);
  if (!name.starts_with(prefix_)) return own;
  return common_ + (common_.empty() || own.empty() ? "" : ",") + own;
}

/// Null when the family is full.
MetricRegistry::Series* MetricRegistry::series(const std::string& name,
                                               const MetricLabels& labels) {
  auto& all = entry(name).series;
  const std::string key = label_text(name, labels);
  const auto found = all.find(key);
  if (found != all.end()) return &found->second;
  return all.size() < max_series ? &all[key] : nullptr;
}

void MetricRegistry::append_series(std::string& text, const MetricFamily& family,
                                   const std::string& labels, const Series& series) {
  if (family.type != MetricType::histogram) {
    return append_line(text, family.name, labels, number_text(series.value));
  }
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < series.buckets.size(); ++i) {
    count += series.buckets[i];
    const bool last = i == family.buckets.size();
    append_line(text, family.name + "_bucket",
                with_bound(labels, last ? "+Inf" : number_text(family.buckets[i])),
                std::to_string(count));
  }
  append_line(text, family.name + "_sum", labels, number_text(series.value));
  append_line(text, family.name + "_count", labels, std::to_string(series.count));
}

}  // namespace cpab
