#pragma once

namespace cpab {

/// Makes the allocator return memory instead of keeping it for the next time: what a list of a
/// thousand pods takes is given back once it has been worked through. For the start of a daemon,
/// before it has threads. Does nothing where the C library is not glibc.
void keep_memory_small();

}  // namespace cpab
