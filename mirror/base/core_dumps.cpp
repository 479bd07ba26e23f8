#include "mirror/base/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tidemark::mirror {

void forbid_core_dumps() noexcept {
    // Ends with exec: it covers us, but no child.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    // Children inherit this. core(5): where core_pattern names a program, a limit of 0 still feeds it; 1 does not, and
    // is too small for a file.
    const rlimit limit{1, 1};
    ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace tidemark::mirror
