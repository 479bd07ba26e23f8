#include <boost/test/unit_test.hpp>

#include "tests/policy/template/render.h"

namespace tidemark::policy::test {
namespace {

/// Two files out of order, one object in both, two setters of one policy.
MessageData sample() {
    const ObjectIdentity web{"apps/v1", "Deployment", "shop", "web"};
    const ObjectIdentity job{"batch/v1", "CronJob", "shop", "nightly"};
    MessageData data;
    data.automation_namespace = "flux-system";
    data.automation_name = "auto";
    data.values = {{"cluster", "prod"}};
    data.changes = {
        {"b.yaml", web, "flux-system:web", "web:1", "web:2", 3},
        {"a.yaml", job, "flux-system:job:tag", "1", "2", 4},
        {"a.yaml", job, "flux-system:job:name", "job", "acme/job", 5},
        {"a.yaml", web, "flux-system:web", "web:1", "web:2", 9},
    };
    data.images = {{"flux-system/web", "ghcr.io/acme/web:2"}, {"flux-system/job", "acme/job:2"}};
    return data;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_template_data)

BOOST_AUTO_TEST_CASE(changes_come_in_canonical_order_and_once) {
    BOOST_TEST(rendered("{{range .Changed.Changes}}{{.OldValue}}>{{.NewValue}} {{end}}", sample()) ==
               "web:1>web:2 1>2 job>acme/job ");
    BOOST_TEST(rendered("{{range $f, $_ := .Changed.FileChanges}}{{$f}} {{end}}", sample()) == "a.yaml b.yaml ");
    BOOST_TEST(rendered("{{range $o, $c := .Changed.Objects}}{{$o.Kind}} {{$o.Name}} {{len $c}}, {{end}}", sample()) ==
               "Deployment web 2, CronJob nightly 2, ");
}

BOOST_AUTO_TEST_CASE(older_data_is_served_beside_todays) {
    BOOST_TEST(rendered("{{range .Updated.Images}}{{println .}}{{end}}", sample()) ==
               "ghcr.io/acme/web:2\nacme/job:2\n");
    BOOST_TEST(rendered("{{range $f, $r := .Updated.Files}}{{$f}} {{len $r.Objects}},{{end}}", sample()) ==
               "a.yaml 2,b.yaml 1,");
    BOOST_TEST(rendered("{{range .Changed.ImageResult.Images}}{{.Registry}}/{{.Repository}} {{.Policy.Name}} {{end}}",
                        sample()) == "ghcr.io/acme/web web index.docker.io/acme/job job ");
    BOOST_TEST(rendered("{{len .Updated.Images}} of {{len .Changed.Changes}}", sample()) == "2 of 3");
}

BOOST_AUTO_TEST_CASE(what_was_removed_from_flux_is_not_printed) {
    BOOST_TEST(rendered("{{.}}", MessageData{}) == "{/ {map[]} map[]}");
}

BOOST_AUTO_TEST_CASE(object_fields_are_reachable_through_what_they_are_embedded_in) {
    BOOST_TEST(
        rendered("{{range $o, $_ := .Changed.Objects}}{{$o.NameMeta.Name}}{{$o.ResourceIdentifier.Kind}} {{end}}",
                 sample()) == "webDeployment nightlyCronJob ");
    BOOST_TEST(rendered("{{range $o, $_ := .Changed.Objects}}{{toJson $o}}{{break}}{{end}}", sample()) ==
               R"({"apiVersion":"apps/v1","kind":"Deployment","name":"web","namespace":"shop"})");
}

BOOST_AUTO_TEST_CASE(missing_values_are_no_value_and_unknown_fields_errors) {
    BOOST_TEST(rendered("{{.Values.nope}} {{.Values.nope.more}} {{index .Values \"nope\"}}|", sample()) ==
               "<no value> <no value> |");
    BOOST_TEST(fails("{{.Nope}}", sample()));
    BOOST_TEST(fails("{{.Values.cluster.more}}", sample()));
    BOOST_TEST(fails("{{range .Updated.Images}}{{upper .}}{{end}}", sample()));
}

BOOST_AUTO_TEST_CASE(a_reference_that_is_none_offers_no_image) {
    MessageData data = sample();
    data.images = {{"flux-system/web", "::"}};
    BOOST_TEST(rendered("{{len .Updated.Images}}", data) == "0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::policy::test
