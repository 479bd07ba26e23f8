// Keeps memory that holds credentials out of core files: this process is never dumped, nor is what it starts. A side
// effect: other processes of the same user cannot attach to it or read its memory and environment.
// Call it first thing in main, before other threads and children are started.
#pragma once

namespace tidemark::mirror {

/// What the system refuses is left as it is: a service under a unit that forbids it has LimitCORE= instead.
void forbid_core_dumps() noexcept;

}  // namespace tidemark::mirror
