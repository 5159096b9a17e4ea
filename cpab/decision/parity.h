#pragma once

namespace cpab {

/// How closely an evaluation of type `hpa` follows the HPA controller where that does what its
/// users would not want. What differs is listed in docs/hpa.md.
enum class Parity {
  none,             ///< not there
  current,          ///< digit for digit, as of Kubernetes 1.36
  kubernetes_1_24,  ///< the same, with the rules that 1.24 and older had
};

}  // namespace cpab
