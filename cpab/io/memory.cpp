#include "cpab/io/memory.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace cpab {

void keep_memory_small() {
#ifdef __GLIBC__
  // Setting one of the first two keeps glibc from raising both, up to 64 MiB, as it learns.
  constexpr int large = 256 << 10;
  mallopt(M_MMAP_THRESHOLD, large);
  mallopt(M_TRIM_THRESHOLD, large);
  // By default up to eight a core, each of which keeps its own free memory. Threads that meet in
  // one wait for each other; user logic takes so much longer that this does not show.
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace cpab
