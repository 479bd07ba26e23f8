#include <boost/test/unit_test.hpp>

#include "policy/template/event_data.h"
#include "policy/template/template.h"

using namespace tidemark::policy;

namespace {

std::string render(std::string_view text) {
    EventData data;
    data.severity = "info";
    data.kind = "ImageUpdateAutomation";
    data.object_namespace = "flux-system";
    data.name = "web";
    data.reason = "Pushed";
    data.message = "pushed 1a2b3c4d to main";
    data.time = "2026-11-21T06:40:12Z";
    data.details = {"remote: thanks", "remote: bye"};
    data.facts = {{"branch", "main"}, {"commit", "1a2b3c4d"}};
    data.count = 3;
    const auto parsed = MessageTemplate::parse(text);
    if (!parsed) return "parse: " + parsed.message();
    const auto rendered = parsed->render_event(data);
    return rendered ? *rendered : "render: " + rendered.message();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_template_event_data)

BOOST_AUTO_TEST_CASE(every_field_has_a_name) {
    BOOST_TEST(
        render("{{.Severity}} {{.Kind}} {{.Namespace}}/{{.Name}} {{.Reason}} {{.Message}} {{.Who}}. {{.Time}}") ==
        "info ImageUpdateAutomation flux-system/web Pushed pushed 1a2b3c4d to main . 2026-11-21T06:40:12Z");
    BOOST_TEST(render("{{range .Details}}[{{.}}]{{end}} {{.Facts.branch}} {{.Count}}") ==
               "[remote: thanks][remote: bye] main 3");
    BOOST_TEST(render("{{range $key, $value := .Facts}}{{$key}}={{$value}} {{end}}") == "branch=main commit=1a2b3c4d ");
}

BOOST_AUTO_TEST_CASE(missing_fact_can_be_asked_for) {
    BOOST_TEST(render("{{with .Facts.image}}{{.}}{{else}}none{{end}}") == "none");
    BOOST_TEST(render("{{if gt .Count 1}}{{.Count}} times{{end}}") == "3 times");
}

BOOST_AUTO_TEST_CASE(functions_of_commit_messages_are_there) {
    BOOST_TEST(render(R"({{.Message | trunc 6 | upper}} {{toJson .Details}})") ==
               R"(PUSHED ["remote: thanks","remote: bye"])");
}

BOOST_AUTO_TEST_CASE(unknown_field_is_an_error) {
    BOOST_TEST(render("{{.Mesage}}").starts_with("render: "));
}

BOOST_AUTO_TEST_SUITE_END()
