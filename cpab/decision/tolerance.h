#pragma once

#include <cmath>

namespace cpab {

/// How far usage may be off its target, as a share of the target, before that is worth a change.
struct Tolerance {
  double down = 0.1;
  double up = 0.1;

  /// Whether `ratio`, usage to target, is no reason for a change; the edges are not. In this very
  /// form, which Kubernetes has had since 1.33: by `|1 - ratio| <= up` a ratio of 1.1 would be
  /// outside of 0.1.
  bool covers(double ratio) const { return 1.0 - down <= ratio && ratio <= 1.0 + up; }

  /// The same in the form of Kubernetes 1.32 and older: there 1.1 is outside of 0.1.
  bool covers_before_1_33(double ratio) const {
    return std::abs(1.0 - ratio) <= (ratio < 1.0 ? down : up);
  }

  friend bool operator==(const Tolerance&, const Tolerance&) = default;
};

}  // namespace cpab
