// Where spec.git.push.refspec leads.
#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/service/refspec.h"

using namespace tidemark::mirror;
using namespace tidemark::mirror::service;

BOOST_AUTO_TEST_SUITE(mirror_service_refspec)

BOOST_AUTO_TEST_CASE(a_source_that_means_the_commit_is_taken) {
    struct Case {
        std::string refspec, name;
        git::PushMode mode;
    };
    const std::vector<Case> cases = {
        {"HEAD:refs/for/main", "refs/for/main", git::PushMode::fast_forward},
        {"refs/heads/auto:refs/heads/main", "refs/heads/main", git::PushMode::fast_forward},
        {"auto:main", "refs/heads/main", git::PushMode::fast_forward},
        {"+refs/heads/auto:refs/heads/copy", "refs/heads/copy", git::PushMode::replace},
    };
    for (const Case& expected : cases) {
        const PushReference read = read_push_refspec(expected.refspec, "auto");
        BOOST_TEST(read.name == expected.name);
        BOOST_TEST((read.mode == expected.mode));
    }
}

BOOST_AUTO_TEST_CASE(another_source_is_refused_with_what_to_write) {
    BOOST_CHECK_EXCEPTION(read_push_refspec("refs/heads/other:refs/for/main", "auto"), Error, [](const Error& error) {
        return std::string(error.what()).find("write refs/heads/auto:refs/for/main") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
