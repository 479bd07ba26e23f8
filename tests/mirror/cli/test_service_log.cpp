#include <boost/test/unit_test.hpp>

#include "mirror/cli/service_log.h"
#include "tests/mirror/cli/invoke.h"

using namespace tidemark;
using namespace tidemark::mirror::cli;
using mirror::service::Outcome;
using mirror::service::ReportLine;
using mirror::service::Step;

namespace {

struct Fixture {
    tests::TextStream err;
    GlobalOptions global;
    Environment environment;
    Streams streams{stdin, stdout, err.get()};
    Call call{{}, global, streams, environment};
    ServiceLog log{call};

    /// What was written, without the time.
    std::string written(std::size_t from) const { return err.text().substr(from); }
    std::string json() const {
        const std::string text = err.text();
        const std::size_t time = text.find("\"time\":\"20");
        BOOST_REQUIRE(time != text.npos);
        return text.substr(0, time + 8) + text.substr(time + 28);
    }
};

const ReportLine k_refused{
    Step::update, Outcome::failed, "flux-system/web", "push refused", {"remote: no\x1b[31m", "a\nb"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mirror_cli_service_log, Fixture)

BOOST_AUTO_TEST_CASE(text_has_the_time_and_what_run_prints) {
    log.take(k_refused);
    BOOST_TEST(written(20) ==
               " ✗ update  flux-system/web             push refused\n            remote: no\\x1b[31m\n"
               "            a\n            b\n");
}

BOOST_AUTO_TEST_CASE(json_is_one_line_an_event_with_the_level) {
    log.set_format(mirror::LogFormat::json);
    log.take(k_refused);
    BOOST_TEST(json() == R"({"details":["remote: no\\x1b[31m","a; b"],"level":"error","message":"push refused",)"
                         R"("object":"flux-system/web","step":"update","time":""})"
                         "\n");
}

BOOST_AUTO_TEST_CASE(json_names_the_object_where_the_subject_is_another) {
    log.set_format(mirror::LogFormat::json);
    log.take({Step::scan, Outcome::done, "ghcr.io/acme/web", "found 3 tags", {}, "flux-system/web"});
    BOOST_TEST(json() == R"({"level":"info","message":"found 3 tags","object":"flux-system/web","step":"scan",)"
                         R"("subject":"ghcr.io/acme/web","time":""})"
                         "\n");
}

BOOST_AUTO_TEST_CASE(the_service_speaks_of_itself) {
    log.set_format(mirror::LogFormat::json);
    log.say(Outcome::held, "one\ntwo");
    BOOST_TEST(json() == R"({"level":"warning","message":"one; two","step":"service","time":""})"
                         "\n");
}

BOOST_AUTO_TEST_SUITE_END()
