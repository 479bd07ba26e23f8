#include <boost/test/unit_test.hpp>

#include "policy/proposal/add_markers.h"

using namespace tidemark::policy;
using namespace tidemark::policy::proposal;

namespace {

/// A marker on every use that can have one.
Result<std::string> mark_all(const std::string& text, const std::string& setter = "ns:p") {
    std::vector<NewMarker> markers;
    for (const ImageUse& use : find_image_uses(text, "a.yaml").uses)
        if (use.setter.empty() && use.obstacle.empty())
            markers.push_back({use, use.part == MarkedPart::tag ? setter + ":tag" : setter});
    return add_markers(text, markers);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_proposal_add_markers)

BOOST_AUTO_TEST_CASE(only_comments_at_line_ends_are_added) {
    BOOST_TEST(
        *mark_all(
            "# head\na:\n  image:   \"aa:1.0.0\"  \r\n  x: 'y' # z\nb:\n- {image: bb:1.0.0}\nc:\n  image: cc:1.0.0") ==
        "# head\na:\n  image:   \"aa:1.0.0\"  # {\"$imagepolicy\": \"ns:p\"}\r\n  x: 'y' # z\nb:\n- {image: bb:1.0.0}\n"
        "c:\n  image: cc:1.0.0 # {\"$imagepolicy\": \"ns:p\"}");
}

BOOST_AUTO_TEST_CASE(second_time_there_is_nothing_to_add) {
    const std::string once = *mark_all("image: aa:1.0.0\n---\nimages:\n- name: bb\n  newTag: 1.0.0\n");
    BOOST_TEST(once ==
               "image: aa:1.0.0 # {\"$imagepolicy\": \"ns:p\"}\n---\nimages:\n- name: bb\n"
               "  newTag: 1.0.0 # {\"$imagepolicy\": \"ns:p:tag\"}\n");
    BOOST_TEST(*mark_all(once) == once);
}

BOOST_AUTO_TEST_CASE(marker_that_would_not_work_leaves_the_file_alone) {
    BOOST_TEST(!mark_all("image: aa:1.0.0\n", "no setter").ok());
    BOOST_TEST(!mark_all("image: aa:1.0.0\n", "a\"b:c").ok());
}

BOOST_AUTO_TEST_CASE(place_that_is_not_the_line_s_end_is_refused) {
    const std::string text = "image: aa:1.0.0\nnote: |\n  text\n";
    auto uses = find_image_uses(text, "a.yaml").uses;
    BOOST_REQUIRE_EQUAL(uses.size(), 1U);
    uses[0].line_end = text.size() - 1;
    BOOST_TEST(!add_markers(text, {{uses[0], "ns:p"}}).ok());
}

BOOST_AUTO_TEST_SUITE_END()
