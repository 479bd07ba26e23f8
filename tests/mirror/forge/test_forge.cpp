// A forge as the configuration and its Secret make it.
#include <filesystem>

#include <boost/test/unit_test.hpp>

#include "mirror/base/error.h"
#include "mirror/forge/forge.h"
#include "mirror/forge/open_request.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::mirror::forge;
using tests::TemporaryFolder;

namespace {

ForgeSettings settings(ForgeKind kind, const std::string& url) {
    ForgeSettings made;
    made.host = "git.example";
    made.kind = kind;
    made.url = url;
    return made;
}

struct Secrets {
    TemporaryFolder folder;
    ForgeSettings with_token = [] {
        ForgeSettings made = settings(ForgeKind::gitea, "https://git.example");
        made.token_secret_ref = policy::ObjectKey{"tidemark", "forge"};
        return made;
    }();

    Forge make(const ForgeSettings& from) const {
        return make_forge(from, SecretStore({folder.path(), {}}, policy::ObjectSet()));
    }
    void write(const std::string& key, const std::string& value) {
        const std::string file = "tidemark/forge/" + key;
        folder.write(file, value);
        std::filesystem::permissions(folder / file, std::filesystem::perms::owner_read);
    }
    std::string error_of(const ForgeSettings& from) const {
        try {
            make(from);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_forge_forge)

BOOST_FIXTURE_TEST_CASE(each_kind_has_its_api_below_its_pages, Secrets) {
    BOOST_TEST(make(settings(ForgeKind::gitea, "https://git.example/git")).api == "https://git.example/git/api/v1");
    BOOST_TEST(make(settings(ForgeKind::forgejo, "https://git.example")).api == "https://git.example/api/v1");
    BOOST_TEST(make(settings(ForgeKind::gitlab, "https://git.example")).api == "https://git.example/api/v4");
    BOOST_TEST(make(settings(ForgeKind::github, "https://git.example")).api == "https://git.example/api/v3");
    BOOST_TEST(make(settings(ForgeKind::github, "https://github.com")).api == "https://api.github.com");
}

BOOST_FIXTURE_TEST_CASE(the_secret_is_read_or_what_is_wrong_with_it_said, Secrets) {
    BOOST_TEST(error_of(with_token).find("tidemark/forge") != std::string::npos, error_of(with_token));
    write("ca.crt", "pem");
    BOOST_TEST(error_of(with_token) == "the Secret tidemark/forge holds no key token");
    write("token", "canary\nline");
    BOOST_TEST(error_of(with_token) ==
               "the key token of the Secret tidemark/forge has characters that no header may hold");
    std::filesystem::remove(folder / "tidemark/forge/token");
    write("token", "canary-7f3a91\n");
    const Forge made = make(with_token);
    BOOST_TEST(made.token.reveal() == "canary-7f3a91");
    BOOST_TEST(made.tls.ca_pem == "pem");
    BOOST_TEST(without_token(made, "a canary-7f3a91 and canary-7f3a91") == "a *** and ***");
}

BOOST_FIXTURE_TEST_CASE(a_remote_is_a_repository_of_its_forge, Secrets) {
    const Forge gitea = make(settings(ForgeKind::gitea, "https://git.example/git"));
    BOOST_TEST(repository_of(gitea, "https://git.example/git/acme/fleet.git") == "acme/fleet");
    BOOST_TEST(repository_of(gitea, "ssh://git@git.example/acme/fleet.git") == "acme/fleet");
    BOOST_CHECK_EXCEPTION(repository_of(gitea, "https://git.example/acme/fleet.git"), Error, [](const Error& error) {
        return std::string(error.what()).find("OWNER/REPOSITORY; look at url in forges:") != std::string::npos;
    });
    const Forge gitlab = make(settings(ForgeKind::gitlab, "https://git.example"));
    BOOST_TEST(repository_of(gitlab, "https://git.example/acme/sub/fleet.git") == "acme/sub/fleet");
}

BOOST_FIXTURE_TEST_CASE(each_kind_is_asked_in_its_own_way, Secrets) {
    const Question question{"acme/fleet", "bumps/a&b", "main"};
    const Question grouped{"acme/sub/fleet", "bumps/a&b", "main"};
    BOOST_TEST(address_of(make(settings(ForgeKind::gitea, "https://git.example")), question, 2) ==
               "https://git.example/api/v1/repos/acme/fleet/pulls?state=open&base_branch=main&limit=50&page=2");
    BOOST_TEST(address_of(make(settings(ForgeKind::gitlab, "https://git.example")), grouped, 1) ==
               "https://git.example/api/v4/projects/acme%2Fsub%2Ffleet/merge_requests?state=opened&"
               "source_branch=bumps%2Fa%26b&target_branch=main&per_page=50&page=1");
    BOOST_TEST(address_of(make(settings(ForgeKind::github, "https://github.com")), question, 1) ==
               "https://api.github.com/repos/acme/fleet/pulls?state=open&head=acme:bumps%2Fa%26b&base=main&per_page=50&"
               "page=1");
}

BOOST_AUTO_TEST_SUITE_END()
