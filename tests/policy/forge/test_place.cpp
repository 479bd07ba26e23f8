// Git URLs as places on a forge.
#include <boost/test/unit_test.hpp>

#include "policy/forge/place.h"

using namespace tidemark::policy;

namespace {

std::string place_of(const char* url) {
    const auto place = find_remote_place(url);
    return place ? (place->ssh ? "ssh " : "") + place->host + " " + place->path : "none";
}

std::string name_of(const char* url, const char* forge_path, Nesting nesting) {
    const auto place = find_remote_place(url);
    return place ? repository_on_forge(*place, forge_path, nesting).value_or("none") : "no place";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_forge_place)

BOOST_AUTO_TEST_CASE(a_git_url_has_a_host_and_a_path) {
    const struct {
        const char* url;
        const char* place;
    } table[] = {
        {"https://git.example/acme/fleet.git", "git.example acme/fleet"},
        {"https://Git.Example/acme/Fleet", "git.example acme/Fleet"},
        {"https://git.example:443/acme/fleet.git/", "git.example acme/fleet"},
        {"https://git.example:8443//acme/fleet", "git.example:8443 acme/fleet"},
        {"http://127.0.0.1:3000/acme/fleet.git", "127.0.0.1:3000 acme/fleet"},
        {"http://[::1]:3000/acme/fleet.git", "[::1]:3000 acme/fleet"},
        {"https://dana@git.example/acme/fleet.git", "git.example acme/fleet"},
        {"ssh://git@git.example/acme/fleet.git", "ssh git.example acme/fleet"},
        {"ssh://git@git.example:22/acme/fleet.git", "ssh git.example acme/fleet"},
        {"ssh://git@git.example:2222/acme/fleet.git", "ssh git.example:2222 acme/fleet"},
        {"https://git.example/git/acme/sub/fleet.git", "git.example git/acme/sub/fleet"},
        {"https://git.example/fleet.git", "git.example fleet"},
        {"https://git.example/acme/.github", "git.example acme/.github"},
        {"file:///srv/git/fleet.git", "none"},
        {"/srv/git/fleet.git", "none"},
        {"git@git.example:acme/fleet.git", "none"},
        {"https://git.example", "none"},
        {"https://git.example/", "none"},
        {"https://git.example/.git", "none"},
        {"https:///acme/fleet", "none"},
        {"https://git.example:0/acme/fleet", "none"},
        {"https://git.example:70000/acme/fleet", "none"},
        {"https://git.example:/acme/fleet", "none"},
        {"https://git.example/acme/../admin/fleet", "none"},
        {"https://git.example/acme/fleet?state=all", "none"},
        {"https://git.example/acme/fleet#x", "none"},
        {"https://git.example/acme%2f..%2fadmin/fleet", "none"},
        {"https://git.example/acme//fleet", "none"},
        {"https://git.example/acme/fl eet", "none"},
        {"https://-git.example/acme/fleet", "none"},
        {"", "none"},
    };
    for (const auto& [url, place] : table)
        BOOST_TEST(place_of(url) == place, url << " is " << place_of(url));
}

BOOST_AUTO_TEST_CASE(the_name_on_the_forge_is_what_its_nesting_allows) {
    const struct {
        const char* url;
        const char* forge_path;
        Nesting nesting;
        const char* name;
    } table[] = {
        {"https://git.example/acme/fleet.git", "", Nesting::owner, "acme/fleet"},
        {"https://git.example/acme/fleet.git", "/", Nesting::owner, "acme/fleet"},
        {"https://git.example/git/acme/fleet.git", "git", Nesting::owner, "acme/fleet"},
        {"https://git.example/git/acme/fleet.git", "/git/", Nesting::owner, "acme/fleet"},
        {"https://git.example/acme/fleet.git", "/git", Nesting::owner, "none"},
        {"https://git.example/github/acme/fleet.git", "/git", Nesting::owner, "none"},
        // An ssh server knows nothing of the pages' path.
        {"ssh://git@git.example/acme/fleet.git", "/git", Nesting::owner, "acme/fleet"},
        {"https://git.example/acme/sub/fleet.git", "", Nesting::owner, "none"},
        {"https://git.example/acme/sub/fleet.git", "", Nesting::groups, "acme/sub/fleet"},
        {"https://git.example/acme/fleet.git", "", Nesting::groups, "acme/fleet"},
        {"https://git.example/fleet.git", "", Nesting::groups, "none"},
    };
    for (const auto& [url, forge_path, nesting, name] : table)
        BOOST_TEST(name_of(url, forge_path, nesting) == name, url << " below " << forge_path);
}

BOOST_AUTO_TEST_CASE(what_stays_on_this_machine_is_known) {
    for (const char* host : {"localhost", "localhost:3000", "127.0.0.1:3000", "127.1.2.3", "[::1]", "[::1]:3000"})
        BOOST_TEST(is_loopback_host(host), host);
    for (const char* host : {"git.example", "127.0.0.1.example", "localhost.example", "10.0.0.1", "[::2]", ""})
        BOOST_TEST(!is_loopback_host(host), host);
}

BOOST_AUTO_TEST_SUITE_END()
