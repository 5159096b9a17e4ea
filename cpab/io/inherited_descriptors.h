#pragma once

namespace cpab {

/// Keeps whatever descriptors the daemon itself was started with away from the programs it starts,
/// and opens /dev/null in place of a missing standard stream, so that no pipe ever lands there.
/// To be called once, before anything is opened.
void close_inherited_descriptors_on_exec();

/// Keeps every descriptor that is open now, standard streams apart, away from the programs started
/// from now on. Libraries open some without asking for that: libcurl 7.88 all of its own.
void close_open_descriptors_on_exec();

}  // namespace cpab
