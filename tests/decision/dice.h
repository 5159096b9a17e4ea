#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace cpab {

/// Random numbers that are the same with every standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// Within [smallest, largest].
  std::int32_t number(std::int32_t smallest, std::int32_t largest) {
    const auto span = static_cast<std::uint64_t>(static_cast<std::int64_t>(largest) - smallest) + 1;
    return static_cast<std::int32_t>(smallest + static_cast<std::int64_t>(engine_() % span));
  }

  bool one_in(std::int32_t count) { return number(1, count) == 1; }

  /// A replica count: mostly small, so that counts meet; sometimes at the end of the range.
  std::int32_t replicas() {
    return one_in(10) ? number(0, std::numeric_limits<std::int32_t>::max()) : number(0, 15);
  }

  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace cpab
