#include <boost/test/unit_test.hpp>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mirror/base/core_dumps.h"

BOOST_AUTO_TEST_SUITE(mirror_base_core_dumps)

// In a child, as there is no way back.
BOOST_AUTO_TEST_CASE(neither_this_process_nor_what_it_starts_is_dumped) {
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        tidemark::mirror::forbid_core_dumps();
        rlimit limit{};
        ::getrlimit(RLIMIT_CORE, &limit);
        ::_exit(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && limit.rlim_cur <= 1 && limit.rlim_max <= 1 ? 0 : 1);
    }
    int status = -1;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
