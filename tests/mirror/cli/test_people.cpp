// A person's say on the command line, carried out on the state of a folder: no service runs here.
#include <boost/test/unit_test.hpp>

#include "mirror/cli/image_kinds.h"
#include "mirror/cli/remove_document.h"
#include "mirror/store/store.h"
#include "tests/mirror/cli/invoke.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror;
using namespace tidemark::tests;

namespace {

constexpr const char* k_objects =
    "# of the shop\n---\napiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: web, "
    "namespace: shop}\nspec: {image: ghcr.io/acme/web, interval: 5m}\n---   # the policy\napiVersion: "
    "image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\nmetadata:\n  name:   web   # kept as it is\n  namespace: "
    "shop\nspec: {imageRepositoryRef: {name: web}, policy: {semver: {range: 1.x}}}\n";

/// A folder with objects and a state, and the flags that name them.
struct Place {
    TemporaryFolder folder;
    Place() { folder.write("objects/shop.yaml", k_objects); }

    Invocation run(std::vector<std::string> line) const {
        line.insert(line.end(), {"--objects", (folder / "objects").string(), "--state", (folder / "state").string()});
        return invoke(line);
    }
    std::map<policy::ObjectKey, store::Pin> pins() const {
        return store::Store(folder / "state", store::OpenMode::read_only).pins();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_cli_people)

BOOST_AUTO_TEST_CASE(policy_is_named_as_in_a_marker_as_a_path_or_with_a_namespace) {
    cli::GlobalOptions global;
    global.name_space = "shop";
    const policy::ObjectKey web{"flux-system", "web"};
    BOOST_TEST((cli::policy_key("flux-system/web", global) == web));
    BOOST_TEST((cli::policy_key("flux-system:web", global) == web));
    BOOST_TEST((cli::policy_key("web", global) == policy::ObjectKey{"shop", "web"}));
    for (const char* text : {"", "a/b/c", "a:b:tag", "/web", "Web", "../x"})
        BOOST_CHECK_THROW(cli::policy_key(text, global), std::exception);
}

BOOST_AUTO_TEST_CASE(pin_stands_in_the_state_until_it_is_taken_out) {
    const Place place;
    const Invocation pinned = place.run({"pin", "shop:web", "1.25.1", "--reason", "bug 4711", "--until", "72h"});
    BOOST_TEST(pinned.exit == 0);
    BOOST_TEST(contains(pinned.err, "✔ shop/web is pinned to 1.25.1, until "));
    BOOST_TEST(contains(pinned.err, "► no service runs: the next tidemark run goes by it\n"));
    const store::Pin pin = place.pins().at({"shop", "web"});
    BOOST_TEST(pin.reason == "bug 4711");
    BOOST_TEST((*pin.until > pin.when + std::chrono::hours(71)));
    BOOST_TEST(!pin.who.empty());
    BOOST_TEST(place.run({"unpin", "web", "-n", "shop"}).exit == 0);
    BOOST_TEST(place.pins().empty());
    BOOST_TEST(place.run({"unpin", "web", "-n", "shop"}).err == "✗ shop/web is not pinned\n");
}

BOOST_AUTO_TEST_CASE(pin_says_what_it_lacks) {
    const Place place;
    const auto error = [&](std::vector<std::string> line) { return place.run(std::move(line)).err; };
    BOOST_TEST(contains(error({"pin"}), "the name of an image policy is required"));
    BOOST_TEST(contains(error({"pin", "shop/web", "1"}), "--reason"));
    BOOST_TEST(contains(error({"pin", "shop/web", "1", "2", "--reason", "x"}), "\"2\" is too much"));
    BOOST_TEST(contains(error({"pin", "shop/web", "1", "--reason", "x", "--until", "soon"}), "neither a duration"));
    BOOST_TEST(contains(error({"pin", "shop/web", "1", "--reason", "x", "--until", "-1h"}), "later than now"));
    BOOST_TEST(contains(error({"pin", "shop/web", "1", "--reason", "x", "--until", "2020-01-01"}), "over already"));
    BOOST_TEST(
        contains(error({"pin", "shop/db", "1", "--reason", "x"}), "ImagePolicy shop/db is not among the objects"));
    BOOST_TEST(contains(error({"accept", "shop/web"}), "has nothing to accept"));
    BOOST_TEST(contains(error({"branch", "reset", "fleet"}), "is not among the objects"));
    BOOST_TEST(place.pins().empty());
}

BOOST_AUTO_TEST_CASE(suspend_shows_in_get_and_resume_ends_it) {
    const Place place;
    BOOST_TEST(place.run({"suspend", "image", "repository", "web", "-n", "shop"}).exit == 0);
    BOOST_TEST(contains(place.run({"get", "images", "repository", "-n", "shop"}).out, "\tTrue "));
    BOOST_TEST(place.run({"reconcile", "image", "repository", "web", "-n", "shop"}).err == "✗ resource is suspended\n");
    BOOST_TEST(place.run({"resume", "image", "repository", "web", "-n", "shop", "--wait=false"}).err ==
               "► resuming image repository web in shop namespace\n✔ image repository resumed\n");
    BOOST_TEST(!contains(place.run({"get", "images", "repository", "-n", "shop"}).out, "\tTrue "));
}

BOOST_AUTO_TEST_CASE(delete_takes_one_document_out_and_leaves_the_rest) {
    const Place place;
    const std::string before = k_objects;
    BOOST_TEST(place.run({"delete", "image", "policy", "web", "-n", "shop"}).err == "✗ aborting\n");
    BOOST_TEST(read_text(place.folder / "objects/shop.yaml") == before);
    BOOST_TEST(place.run({"delete", "image", "policy", "web", "-n", "shop", "-s"}).exit == 0);
    BOOST_TEST(read_text(place.folder / "objects/shop.yaml") == before.substr(0, before.find("---   # the policy")));
    BOOST_TEST(place.run({"delete", "image", "repository", "web", "-n", "shop", "-s"}).exit == 0);
    BOOST_TEST(read_text(place.folder / "objects/shop.yaml") == "# of the shop\n");
}

BOOST_AUTO_TEST_CASE(file_that_held_nothing_else_is_removed) {
    const Place place;
    BOOST_TEST(place.run({"create", "image", "repository", "api", "--image", "ghcr.io/acme/api", "-n", "shop"}).exit ==
               0);
    const auto file = place.folder / "objects/shop/imagerepository-api.yaml";
    BOOST_TEST(std::filesystem::exists(file));
    BOOST_TEST(place.run({"delete", "image", "repository", "api", "-n", "shop", "--silent"}).exit == 0);
    BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_CASE(document_is_removed_only_where_the_rest_reads_the_same) {
    struct Case {
        const char* text;
        unsigned line;
        const char* rest;  // null: refused
    };
    const Case k_cases[] = {
        {"a: 1\n", 1, ""},
        {"---\na: 1\n", 2, ""},
        {"a: 1\n---\nb: 2\n", 1, "---\nb: 2\n"},
        {"a: 1\n---\nb: 2\n", 3, "a: 1\n"},
        {"a: 1\r\n---\r\n# two\r\nb: |\r\n  x\r\n---\r\nc: 3", 4, "a: 1\r\n---\r\nc: 3"},
        {"# why\na: 1\n", 2, ""},
        {"{a: 1}\n---\n{b: 2}\n", 1, "---\n{b: 2}\n"},
        {"--- {a: 1}\n--- {b: 2}\n", 2, "--- {a: 1}\n"},
        {"a: 1\n---\nb: [\n", 1, nullptr},       // what follows is broken
        {"items: [{a: 1}]\n", 1, nullptr},       // a List
        {"a: 1\n---\nb: 2\n", 2, nullptr},       // no document begins there
        {"%YAML 1.1\n---\na: 1\n", 3, nullptr},  // its directive would be left behind
    };
    for (const Case& one : k_cases) {
        const unsigned column = std::string_view(one.text).starts_with("--- {") ? 5 : 1;
        const auto rest = cli::remove_document({"f.yaml", one.text}, {"f.yaml", one.line, column});
        BOOST_TEST(rest.ok() == (one.rest != nullptr), one.text);
        if (rest.ok() && one.rest) BOOST_TEST(*rest == one.rest, one.text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
