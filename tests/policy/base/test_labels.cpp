#include <boost/test/unit_test.hpp>

#include "policy/base/labels.h"

using namespace tidemark::policy;

namespace {

const Labels k_labels{{"app", "podinfo"}, {"env", "prod"}, {"tier", ""}};

bool selects(std::string_view selector) {
    const auto parsed = parse_label_selector(selector);
    BOOST_TEST_REQUIRE(parsed.ok(), selector);
    return parsed->matches(k_labels);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_labels)

BOOST_AUTO_TEST_CASE(text_selector_matches_by_each_operator) {
    for (std::string_view text :
         {"", "app=podinfo", "app==podinfo", "app = podinfo", "env!=dev", "other!=x", "app", "!other",
          "env in (dev,prod)", "env notin (dev)", "other notin (x)", "tier=", "tier==", "tier in (,x)",
          "app=podinfo,env in (prod), !x", "! other", "env in(prod)"}) {
        BOOST_TEST(selects(text), text);
    }
    for (std::string_view text : {"app=x", "app!=podinfo", "other", "!app", "env in (dev)", "env notin (prod,dev)",
                                  "app=", "app=podinfo,env=dev"}) {
        BOOST_TEST(!selects(text), text);
    }
}

BOOST_AUTO_TEST_CASE(in_and_notin_may_be_keys_and_values) {
    BOOST_TEST(parse_label_selector("in in (in,notin)").value().matches({{"in", "notin"}}));
    BOOST_TEST(parse_label_selector("notin=in").value().matches({{"notin", "in"}}));
}

BOOST_AUTO_TEST_CASE(text_selector_refuses_what_kubernetes_refuses) {
    for (std::string_view text :
         {"=a",    "a,",   ",a", "a b",   "a in",  "a in b", "a in (", "a in (b", "a in ()", "a in (b c)",
          "a=b=c", "!a=b", "!",  "a=b c", "a b=c", "-a",     "a=-b",   "a>1",     "a/b/c",   "a===b"}) {
        BOOST_TEST(!parse_label_selector(text).ok(), text);
    }
}

BOOST_AUTO_TEST_CASE(text_selector_problem_tells_the_place) {
    const auto parsed = parse_label_selector("app=x,env in prod");
    BOOST_TEST_REQUIRE(!parsed.ok());
    BOOST_TEST(parsed.message() == "found 'prod' where '(' was expected");
    BOOST_TEST(parsed.problem().position.value() == 13U);
}

BOOST_AUTO_TEST_CASE(no_selector_matches_everything) {
    BOOST_TEST(make_label_selector({}, {}).value().matches(k_labels));
    BOOST_TEST(make_label_selector({}, {}).value().matches({}));
}

BOOST_AUTO_TEST_CASE(expressions_hold_all_together) {
    const auto selector = make_label_selector({{"app", "podinfo"}}, {{"env", "In", {"prod", "dev"}},
                                                                     {"env", "NotIn", {"dev"}},
                                                                     {"tier", "Exists", {}},
                                                                     {"other", "DoesNotExist", {}}});
    BOOST_TEST_REQUIRE(selector.ok());
    BOOST_TEST(selector->matches(k_labels));
    BOOST_TEST(!selector->matches({{"app", "podinfo"}, {"env", "dev"}, {"tier", "x"}}));
}

BOOST_AUTO_TEST_CASE(expressions_are_checked) {
    for (const RawLabelExpression& expression :
         {RawLabelExpression{"env", "in", {"x"}}, RawLabelExpression{"env", "In", {}},
          RawLabelExpression{"env", "Exists", {"x"}}, RawLabelExpression{"a b", "Exists", {}},
          RawLabelExpression{"env", "NotIn", {"a:b"}}}) {
        BOOST_TEST(!make_label_selector({}, {expression}).ok(), expression.key + " " + expression.operation);
    }
}

BOOST_AUTO_TEST_CASE(keys_and_values_follow_the_label_syntax) {
    const std::string long_name(63, 'a');
    for (const std::string& key : {std::string("a"), std::string("A_b.c-D"), std::string("example.com/a"), long_name}) {
        BOOST_TEST(check_label_key(key).ok(), key);
    }
    for (const std::string& key : {std::string(), std::string("/a"), std::string("a/"), std::string("Example.com/a"),
                                   std::string("a..b/c"), std::string("-a"), long_name + "a"}) {
        BOOST_TEST(!check_label_key(key).ok(), key);
    }
    BOOST_TEST(check_label_value("").ok());
    BOOST_TEST(check_label_value("a_b.c-d").ok());
    BOOST_TEST(!check_label_value("a ").ok());
    BOOST_TEST(check_label_value(long_name + "a").message() == "must be no more than 63 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
