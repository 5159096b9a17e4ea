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
  // By default threads get arenas of their own, up to eight a core, and each keeps what it has
  // free. In one they may wait for each other, which does not show next to calls of user logic.
  mallopt(M_ARENA_MAX, 1);
#endif
}

}  // namespace cpab
