#include "cpab/simulation/metric_values.h"

#include <algorithm>
#include <iterator>

namespace cpab {

void MetricValues::set(const MetricSubject& subject, MetricSeries series) {
  auto& known = series_[subject];
  std::erase_if(known, [&](const MetricSeries& each) { return each.labels == series.labels; });
  known.push_back(std::move(series));
}

void MetricValues::erase(const MetricSubject& subject) { series_.erase(subject); }

void MetricValues::erase(const MetricSubject& subject,
                         const std::map<std::string, std::string>& labels) {
  const auto known = series_.find(subject);
  if (known == series_.end()) return;
  std::erase_if(known->second, [&](const MetricSeries& each) { return each.labels == labels; });
}

std::vector<MetricSeries> MetricValues::find(const MetricSubject& subject,
                                             const ParsedSelector& selector) const {
  std::vector<MetricSeries> found;
  const auto known = series_.find(subject);
  if (known == series_.end()) return found;
  std::copy_if(known->second.begin(), known->second.end(), std::back_inserter(found),
               [&](const MetricSeries& each) { return selector.matches(each.labels); });
  return found;
}

void MetricValues::set_usage(const std::string& namespace_name, const std::string& pod,
                             const std::string& container, ContainerUsage usage) {
  usages_[{namespace_name, pod, container}] = std::move(usage);
}

const ContainerUsage* MetricValues::usage(const std::string& namespace_name, const std::string& pod,
                                          const std::string& container) const {
  const auto found = usages_.find({namespace_name, pod, container});
  return found == usages_.end() ? nullptr : &found->second;
}

}  // namespace cpab
