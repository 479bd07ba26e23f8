#include <thread>

#include <boost/test/unit_test.hpp>

#include "mirror/service/orders.h"

namespace tidemark::mirror::service {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Command reconcile(const std::string& name) {
    Command command;
    command.object = {"default", name};
    command.who = "dana";
    return command;
}

CommandAnswer done(const std::string& message) {
    return {true, CommandAnswer::Status::done, message, std::nullopt};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_service_orders)

BOOST_AUTO_TEST_CASE(a_command_is_answered_across_threads) {
    Orders orders;
    const auto ticket = orders.submit(reconcile("web"));
    BOOST_TEST(!ticket->state().answer.has_value());
    BOOST_TEST(orders.waiting() == 1U);
    std::jthread service([&] {
        orders.wait_until(std::chrono::steady_clock::now() + seconds(60));
        for (const auto& taken : orders.take_commands()) {
            taken->answer(done("worked on " + taken->command().object.name));
            taken->finish("True", "found 2 tags", false);
        }
    });
    const TicketState answered = ticket->wait_for_answer(seconds(60));
    BOOST_REQUIRE(answered.answer.has_value());
    BOOST_TEST(answered.answer->message == "worked on web");
    const TicketState ended = ticket->wait_for_end(seconds(60));
    BOOST_TEST(ended.finished);
    BOOST_TEST(ended.ready == "True");
    BOOST_TEST(ended.message == "found 2 tags");
}

BOOST_AUTO_TEST_CASE(commands_are_taken_once_and_in_their_order) {
    Orders orders;
    orders.submit(reconcile("a"));
    orders.submit(reconcile("b"));
    const auto taken = orders.take_commands();
    BOOST_REQUIRE(taken.size() == 2U);
    BOOST_TEST(taken[0]->command().object.name == "a");
    BOOST_TEST(taken[1]->command().object.name == "b");
    BOOST_TEST(orders.take_commands().empty());
}

BOOST_AUTO_TEST_CASE(a_ticket_is_found_by_its_number_until_many_came_after_it) {
    Orders orders;
    const auto first = orders.submit(reconcile("first"));
    BOOST_TEST(orders.find_ticket(first->number()) == first);
    BOOST_TEST(!orders.find_ticket(first->number() + 1));
    for (std::size_t i = 0; i < Orders::k_tickets_kept; ++i) {
        orders.submit(reconcile("more"));
        orders.take_commands();
    }
    BOOST_TEST(!orders.find_ticket(first->number()));
}

BOOST_AUTO_TEST_CASE(too_many_waiting_commands_are_refused) {
    Orders orders;
    for (std::size_t i = 0; i < Orders::k_most_waiting; ++i)
        orders.submit(reconcile("web"));
    const TicketState state = orders.submit(reconcile("web"))->state();
    BOOST_TEST(state.finished);
    BOOST_REQUIRE(state.answer.has_value());
    BOOST_TEST(!state.answer->accepted);
    BOOST_TEST(orders.waiting() == Orders::k_most_waiting);
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_service_that_has_ended) {
    Orders orders;
    const auto before = orders.submit(reconcile("web"));
    orders.close("the service has stopped");
    const auto after = orders.submit(reconcile("web"));
    for (const auto& ticket : {before, after}) {
        const TicketState state = ticket->wait_for_end(milliseconds(0));
        BOOST_TEST(state.finished);
        BOOST_REQUIRE(state.answer.has_value());
        BOOST_TEST(state.answer->message == "the service has stopped");
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::mirror::service
