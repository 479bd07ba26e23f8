#include <boost/test/unit_test.hpp>

#include "policy/objects/names.h"

using namespace tidemark::policy;

BOOST_AUTO_TEST_SUITE(policy_objects_names)

BOOST_AUTO_TEST_CASE(object_names_are_those_of_kubernetes) {
    for (const std::string good : {"a", "web-1", "a.b.c", "0"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(!find_name_problem(good));
    for (const std::string bad : {"", "A", "a_b", "-a", "a-", "a..b", ".a", "..", "../x", "a/b", "a b"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(find_name_problem(bad).has_value());
    BOOST_TEST(find_name_problem(std::string(254, 'a')).has_value());
    BOOST_TEST(find_namespace_problem("a.b").has_value());
    BOOST_TEST(find_namespace_problem(std::string(64, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(branch_names_are_those_of_git) {
    for (const std::string good : {"main", "feature/x", "a.b", "flux-imageupdates", "\u00fc", "a@b", "x=y"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(!find_branch_problem(good));
    for (const std::string bad :
         {"",     "-x", "HEAD", "@",    "a..b", "a b", "a~1",  "a^",     "a:b",      "a?",    "a*",    "a[",
          "a\\b", "/a", "a/",   "a//b", "a.",   ".a",  "a/.b", "a.lock", "a.lock/b", "a@{1}", "a\x01", "a\x7f"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(find_branch_problem(bad).has_value());
}

BOOST_AUTO_TEST_CASE(refspecs_push_one_ref) {
    for (const std::string good :
         {"refs/heads/a:refs/heads/b", "+main:auto", "HEAD:refs/for/main", "refs/heads/a:refs/for/main%topic=x"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(!find_refspec_problem(good));
    for (const std::string bad : {"", "main", ":main", "+:main", "a:", "refs/heads/*:refs/heads/*", "-x:y", "a:b:c"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(find_refspec_problem(bad).has_value());
}

BOOST_AUTO_TEST_CASE(git_urls_hold_no_password_and_nothing_odd) {
    for (const std::string good : {"https://git.example/a.git", "http://127.0.0.1:8080/a", "ssh://git@git.example/a",
                                   "file:///srv/a.git", "https://user@git.example/a", "ssh://git@[::1]:22/a"})
        BOOST_TEST_CONTEXT(good) BOOST_TEST(!find_git_url_problem(good));
    for (const std::string bad : {"", "https://", "https://host", "https://u:p@host/a", "ssh://-oProxyCommand=x/a",
                                  "ssh://-x@host/a", "git://host/a", "ext::sh -c x", "file://host/a", "file:///",
                                  "https://host/a b", "https://host/a\nb", "git@host:a"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(find_git_url_problem(bad).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
