#pragma once

namespace cpab {

/// Keeps whatever descriptors the daemon itself was started with away from the programs it starts,
/// and opens /dev/null in place of a missing standard stream, so that no pipe ever lands there.
/// To be called once, before anything is opened.
void close_inherited_descriptors_on_exec();

}  // namespace cpab
