#include "cpab/api/target_probe.h"

#include <exception>
#include <utility>

#include "cpab/io/contained.h"

namespace cpab {
namespace {

constexpr Duration shortest_pause{1'000};

}  // namespace

std::optional<std::string> TargetProbe::missing(std::stop_token stop) {
  if (cycle_.target_seen()) return std::nullopt;
  {
    const std::lock_guard lock(mutex_);
    if (looking_ || clock_.now() < next_look_) return missing_;
    looking_ = true;
  }
  std::optional<std::string> found = "there was no memory to look";
  contained("Looking for the target", [&] { found = look(std::move(stop)); });
  const std::lock_guard lock(mutex_);
  missing_ = found;
  next_look_ = clock_.now() + shortest_pause;
  looking_ = false;
  return found;
}

std::optional<std::string> TargetProbe::look(std::stop_token stop) {
  try {
    cycle_.probe(std::move(stop));
    return std::nullopt;
  } catch (const StageError& error) {
    return error.log_message();
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace cpab
