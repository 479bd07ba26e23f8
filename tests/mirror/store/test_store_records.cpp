#include <boost/test/unit_test.hpp>

#include "mirror/store/store.h"
#include "tests/support/temporary_folder.h"

using namespace tidemark;
using namespace tidemark::mirror::store;
using policy::ObjectKind;
using tests::TemporaryFolder;

namespace {

const ObjectKey k_web{"flux-system", "web"};
const ObjectKey k_other{"apps", "other"};

std::chrono::sys_seconds at(int count) {
    return std::chrono::sys_seconds(std::chrono::seconds(count));
}

Event some_event(const ObjectKey& object, const std::string& reason = "Pushed") {
    Event event;
    event.time = at(1000);
    event.severity = Severity::warning;
    event.kind = ObjectKind::image_update_automation;
    event.object = object;
    event.reason = reason;
    event.message = "pushed \"x\"\nto main \xff";
    event.details = {"remote: one", "remote: two"};
    event.who = "anna";
    event.facts = {{"old", "1.0"}, {"new", "1.1"}, {"commit", ""}};
    return event;
}

std::vector<std::string> reasons(const std::vector<Event>& events) {
    std::vector<std::string> names;
    for (const Event& event : events)
        names.push_back(event.reason);
    return names;
}

/// A store in a folder of its own, with another one that only looks.
struct Both {
    TemporaryFolder folder;
    Store store{folder.path(), OpenMode::write};
    Store reader{folder.path(), OpenMode::read_only};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_store_records)

BOOST_FIXTURE_TEST_CASE(a_pin_stands_until_it_is_taken_out, Both) {
    const Pin pin{"1.1", "anna", "broken \"1.2\"", at(5), at(50)};
    store.put_pin(k_web, {"1.0", "bert", "", at(4), {}});
    store.put_pin(k_other, {"7", "bert", "", at(4), {}});
    store.put_pin(k_web, pin);
    BOOST_TEST((reader.pins().at(k_web) == pin));
    BOOST_TEST(!reader.pins().at(k_other).until.has_value());
    BOOST_TEST(store.remove_pin(k_web));
    BOOST_TEST(!store.remove_pin(k_web));
    BOOST_TEST(reader.pins().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_suspension_belongs_to_one_kind_of_object, Both) {
    const Suspension suspension{true, false, "anna", "", at(5)};
    store.put_suspension(ObjectKind::image_policy, k_web, {false, true, "bert", "x", at(4)});
    store.put_suspension(ObjectKind::image_policy, k_web, suspension);
    BOOST_TEST((reader.suspensions(ObjectKind::image_policy).at(k_web) == suspension));
    BOOST_TEST(reader.suspensions(ObjectKind::image_repository).empty());
}

BOOST_FIXTURE_TEST_CASE(an_event_is_read_as_it_was_written, Both) {
    Event event = some_event(k_web);
    event.id = store.add_event(event);
    event.message = "pushed \"x\"\nto main \xff";
    BOOST_TEST((reader.events({}) == std::vector<Event>{event}));
    Event about_nothing;
    about_nothing.reason = "Started";
    store.add_event(about_nothing);
    BOOST_TEST(!reader.events({}).front().kind.has_value());
}

BOOST_FIXTURE_TEST_CASE(events_come_newest_first_or_on_from_where_one_stopped, Both) {
    const std::int64_t first = store.add_event(some_event(k_web, "A"));
    store.add_event(some_event(k_other, "B"));
    const std::int64_t third = store.add_event(some_event(k_web, "C"));
    BOOST_TEST(third == first + 2);
    const std::vector<std::string> newest = {"C", "B"};
    BOOST_TEST(reasons(reader.events({.limit = 2})) == newest);
    const std::vector<std::string> later = {"B", "C"};
    BOOST_TEST(reasons(reader.events({.after = first})) == later);
    const std::vector<std::string> earlier = {"B", "A"};
    BOOST_TEST(reasons(reader.events({.before = third})) == earlier);
    const std::vector<std::string> of_web = {"C", "A"};
    BOOST_TEST(reasons(reader.events({.object = k_web})) == of_web);
    BOOST_TEST(reader.events({.kind = ObjectKind::image_policy}).empty());
    BOOST_TEST(reader.events({.limit = 0}).empty());
}

BOOST_FIXTURE_TEST_CASE(only_the_newest_events_stay, Both) {
    std::int64_t last = 0;
    {
        Store::Transaction transaction(store);
        for (std::size_t i = 0; i < Store::k_events_kept + 5; ++i)
            last = store.add_event(some_event(k_web));
        transaction.commit();
    }
    const std::vector<Event> all = reader.events({.limit = SIZE_MAX});
    BOOST_TEST(all.size() == Store::k_events_kept);
    BOOST_TEST(all.front().id == last);
}

BOOST_AUTO_TEST_CASE(a_state_that_was_lost_goes_on_with_higher_numbers) {
    std::int64_t before = 0;
    {
        Both lost;
        for (int i = 0; i < 10; ++i)
            before = lost.store.add_event(some_event(k_web));
    }
    Both anew;
    Event event = some_event(k_web);
    event.time += std::chrono::minutes(1);
    BOOST_TEST(anew.store.add_event(event) > before);
}

BOOST_FIXTURE_TEST_CASE(a_delivery_waits_for_its_time, Both) {
    store.add_delivery({0, 7, "mail", 0, at(10), ""});
    store.add_delivery({0, 8, "chat", 0, at(5), ""});
    BOOST_TEST(store.due_deliveries(at(4), 10).empty());
    std::vector<Delivery> due = reader.due_deliveries(at(10), 10);
    BOOST_REQUIRE(due.size() == 2u);
    BOOST_TEST(due[0].sink == "chat");
    due[0].attempts = 1;
    due[0].next_try = at(100);
    due[0].last_error = "timed out";
    store.put_delivery(due[0]);
    BOOST_TEST(reader.due_deliveries(at(10), 10).size() == 1u);
    BOOST_TEST((reader.due_deliveries(at(100), 10).back() == due[0]));
    BOOST_TEST(reader.due_deliveries(at(100), 1).size() == 1u);
    store.remove_delivery(due[0].id);
    BOOST_TEST(reader.due_deliveries(at(100), 10).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(who_has_to_be_told_is_written_with_the_event, Both) {
    store.on_event([&](const Event& event) { store.add_delivery({0, event.id, "mail", 0, event.time, ""}); });
    const std::int64_t first = store.add_event(some_event(k_web));
    BOOST_TEST(reader.due_deliveries(at(2'000'000'000), 10).back().event == first);
    {
        Store::Transaction lost(store);
        store.add_event(some_event(k_web));
    }
    BOOST_TEST(reader.due_deliveries(at(2'000'000'000), 10).size() == 1u);
    store.on_event([](const Event&) { throw std::runtime_error("no"); });
    BOOST_CHECK_THROW(store.add_event(some_event(k_web)), std::runtime_error);
    BOOST_TEST(reader.events({}).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(delivery_of_the_same_matter_is_found, Both) {
    Event event = some_event(k_web);
    event.id = store.add_event(event);
    BOOST_TEST(!store.has_event_like(event, at(0)));
    Event again = event;
    again.id = store.add_event(event);
    BOOST_TEST(store.has_event_like(again, at(0)));
    BOOST_TEST(!store.has_event_like(again, event.time + std::chrono::seconds(1)));
    BOOST_TEST(!store.find_delivery_like("mail", again).has_value());
    store.add_delivery({0, event.id, "mail", 0, at(5), ""});
    BOOST_TEST((store.next_delivery("mail") == at(5)));
    BOOST_TEST(!store.next_delivery("chat").has_value());

    Event other = event;
    other.reason = "Another";
    BOOST_TEST(!store.find_delivery_like("mail", other).has_value());
    BOOST_TEST(!store.find_delivery_like("chat", again).has_value());
    std::optional<Delivery> found = store.find_delivery_like("mail", again);
    BOOST_REQUIRE(found.has_value());
    found->newest = again.id;
    found->events = 2;
    store.put_delivery(*found);
    BOOST_TEST((reader.due_deliveries(at(5), 1).front() == *found));
    found->attempts = 1;
    store.put_delivery(*found);
    BOOST_TEST(!store.find_delivery_like("mail", again).has_value());
}

BOOST_FIXTURE_TEST_CASE(deliveries_of_a_sink_come_in_their_order, Both) {
    store.add_delivery({0, 7, "mail", 0, at(9), ""});
    store.add_delivery({0, 8, "mail", 0, at(5), ""});
    store.add_delivery({0, 9, "chat", 0, at(1), ""});
    BOOST_TEST(!store.find_due_delivery("mail", at(4)).has_value());
    BOOST_TEST(store.find_due_delivery("mail", at(5))->event == 8);
    std::optional<Delivery> first = store.find_due_delivery("mail", at(9));
    BOOST_TEST(first->event == 7);
    first->attempts = 6;
    store.put_delivery(*first);
    BOOST_TEST(store.find_due_delivery("mail", at(9))->event == 8);
    BOOST_TEST((store.next_delivery("mail") == at(5)));
}

BOOST_FIXTURE_TEST_CASE(a_tag_is_chosen_and_then_written, Both) {
    const policy::LatestReference first{"web", "1.0", ""};
    const policy::LatestReference second{"web", "1.1", "sha256:1"};
    store.add_choice(k_web, first, at(1));
    store.add_choice(k_web, second, at(2));
    store.add_written(k_web, first, at(3), "abc");
    store.add_written(k_other, second, at(4), "def");
    const std::vector<HistoryEntry> expected = {{"1.0", "", at(1), at(3), "abc"}, {"1.1", "sha256:1", at(2), {}, ""}};
    BOOST_TEST((reader.history(k_web) == expected));
    BOOST_TEST((reader.history(k_other) == std::vector<HistoryEntry>{{"1.1", "sha256:1", at(4), at(4), "def"}}));
}

BOOST_FIXTURE_TEST_CASE(only_the_newest_history_of_each_policy_stays, Both) {
    store.add_choice(k_other, {"web", "1", ""}, at(1));
    for (int i = 0; i < static_cast<int>(Store::k_history_kept) + 3; ++i)
        store.add_choice(k_web, {"web", std::to_string(i), ""}, at(i));
    BOOST_TEST(reader.history(k_web).size() == Store::k_history_kept);
    BOOST_TEST(reader.history(k_web).front().tag == "3");
    BOOST_TEST(reader.history(k_other).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(facts_replace_those_before, Both) {
    const std::vector<ValueInGit> values = {{k_web, "a b\t\n.yaml", "flux-system:web", "web:1.0"},
                                            {k_other, "b.yaml", "apps:other:tag", "7"}};
    store.put_values_in_git(k_web, {values.back()});
    store.put_values_in_git(k_web, values);
    BOOST_TEST((reader.values_in_git(k_web) == values));
    BOOST_TEST(reader.values_in_git(k_other).empty());

    BranchFacts branch{"main", "aaa", "bump", "", 1, 2, 3, {"remote: no", "really"}, "https://git/x", at(9)};
    store.put_branch_facts(k_web, branch);
    branch.push_tip = "bbb";
    store.put_branch_facts(k_web, branch);
    BOOST_TEST((reader.branch_facts() == std::map<ObjectKey, BranchFacts>{{k_web, branch}}));

    RequestFacts request{"acme/fleet",       "bump", "main", 12,    "#12", "Update \"x\"",
                         "https://git/x/12", "dana", true,   at(7), at(9), ""};
    store.put_request_facts(k_web, request);
    store.put_request_facts(k_other, RequestFacts{});
    request.problem = "git answered 401";
    request.opened.reset();
    store.put_request_facts(k_web, request);
    BOOST_TEST((reader.request_facts() == std::map<ObjectKey, RequestFacts>{{k_other, {}}, {k_web, request}}));
    store.remove_request_facts(k_other);
    BOOST_TEST((reader.request_facts() == std::map<ObjectKey, RequestFacts>{{k_web, request}}));
    store.remove_request_facts();
    BOOST_TEST(reader.request_facts().empty());

    MirrorFacts mirror{"https://git/x", "main@sha1:aaa", "/s/m", at(9), 5'000'000'000, ""};
    store.put_mirror_facts(mirror);
    mirror.error = "no route";
    store.put_mirror_facts(mirror);
    BOOST_TEST((reader.mirror_facts() == std::vector<MirrorFacts>{mirror}));
}

BOOST_FIXTURE_TEST_CASE(what_takes_several_statements_goes_with_the_change_around_it, Both) {
    {
        Store::Transaction transaction(store);
        store.add_event(some_event(k_web));
        store.add_written(k_web, {"web", "1.0", ""}, at(3), "abc");
    }
    BOOST_TEST(store.events({}).empty());
    BOOST_TEST(store.history(k_web).empty());
}

BOOST_AUTO_TEST_SUITE_END()
