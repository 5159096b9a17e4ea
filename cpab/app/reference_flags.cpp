#include "cpab/app/reference_flags.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cpab {
namespace {

/// Flags that stand for themselves; `-logtostderr=true` is the other way to write them.
constexpr std::array<std::string_view, 4> switches = {"logtostderr", "alsologtostderr",
                                                      "logtostdout", "log_link_disabled"};

/// Flags with a value, behind `=` or as the next argument.
constexpr std::array<std::string_view, 8> options = {
    "v",        "vmodule",     "stderrthreshold",  "log_dir",
    "log_link", "logbuflevel", "log_backtrace_at", "log_file"};

template <std::size_t size>
bool is_one_of(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<std::string> without_reference_flags(const std::vector<std::string>& arguments) {
  std::vector<std::string> kept;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string_view argument = arguments[at];
    const std::size_t dashes = std::min(argument.find_first_not_of('-'), argument.size());
    const std::string_view name = argument.substr(dashes, argument.find('=') - dashes);
    const bool flag = dashes == 1 || dashes == 2;
    const bool has_value = argument.find('=') != std::string_view::npos;
    if (flag && is_one_of(name, switches)) continue;
    if (flag && is_one_of(name, options)) {
      if (!has_value) ++at;
      continue;
    }
    kept.emplace_back(argument);
  }
  return kept;
}

}  // namespace cpab
