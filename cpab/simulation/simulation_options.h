#pragma once

#include <cstddef>
#include <cstdint>

#include "cpab/model/time.h"
#include "cpab/simulation/random_time.h"

namespace cpab {

/// How the pods of a simulated cluster behave. With all times 0 a pod is ready, or gone, at once.
struct SimulationOptions {
  Duration pod_start_time{1000};  ///< from its creation until its containers run
  Duration pod_ready_time{1000};  ///< from then until it is ready
  RandomTime pod_ready_extra;     ///< and so much more
  Duration pod_stop_time{1000};   ///< from its deletion until it is gone
  /// How many changes watches, pages and lists of the past can go back; older is `410 Gone`. The
  /// default is enough for a client that asks every second while a thousand pods come and go.
  std::size_t history_length = 4'000;
  Duration watch_bookmark_interval{10'000};      ///< of real time
  std::uint64_t seed = 1;                        ///< of names and uids: same seed, same cluster
  double cpu_millicores_per_load = 10;           ///< what metrics.k8s.io shows for one unit of load
  std::int64_t memory_bytes_per_pod = 64 << 20;  ///< what metrics.k8s.io shows for every pod
};

}  // namespace cpab
