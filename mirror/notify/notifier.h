// The service thread's side of notifications: writes who has to be told with each event, hands out what is due, and
// notes what became of it.
//
// At least once: a delivery leaves the state when its sink took it. Tried again at doubled distances up to
// k_longest_wait for k_patience, then dropped with a word. What repeats itself within k_repeat is held for so long and
// told once, with the number of times. One notice of a sink is on its way at a time; while the sink is away all its
// others wait with it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "mirror/base/secrets.h"
#include "mirror/notify/courier.h"
#include "mirror/notify/sink.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::notify {

class Notifier {
public:
    static constexpr std::chrono::seconds k_first_wait{5};
    static constexpr std::chrono::seconds k_longest_wait = std::chrono::hours(1);
    static constexpr std::chrono::seconds k_patience = std::chrono::hours(24);
    static constexpr std::chrono::seconds k_repeat = std::chrono::minutes(10);

    /// Words about the sinks themselves, for the log: `bad` when one begins to fail, else when it works again.
    using Say = std::function<void(bool bad, const std::string& text)>;

    Notifier(std::function<void()> wake, Say say) : m_say(std::move(say)), m_courier(std::move(wake)) {}

    /// These sinks from now on. Deliveries to others are dropped.
    void set_sinks(Sinks sinks);
    /// Events written to this store are enqueued. The store must not outlive the notifier's use of it.
    void listen(store::Store& store);

    /// Notes results and hands out what is due. Without a store, or with one that fails, that waits for the next turn:
    /// whoever opens the store tells why.
    void turn(std::optional<store::Store>& store, std::shared_ptr<const SecretStore> secrets,
              std::chrono::sys_seconds now);
    /// When turn() is wanted next, if not woken before.
    std::optional<std::chrono::sys_seconds> next() const { return m_next; }

private:
    struct Trouble {
        unsigned failures = 0;             // in a row
        std::chrono::sys_seconds until{};  // its other deliveries wait so long
        std::string error;
    };
    void enqueue(store::Store& store, const store::Event& event);
    void note(store::Store& store, const ParcelResult& result, std::chrono::sys_seconds now);
    void postpone(store::Store& store, store::Delivery delivery, const SendResult& sent, std::chrono::sys_seconds now);
    void hand_out(store::Store& store, std::chrono::sys_seconds now);
    bool give(store::Store& store, const std::shared_ptr<const Sink>& sink, const store::Delivery& delivery);
    void drop_strangers(store::Store& store);

    Say m_say;
    std::map<std::string, std::shared_ptr<const Sink>> m_sinks;
    std::shared_ptr<const SecretStore> m_secrets;
    std::vector<ParcelResult> m_results;  // that were not noted yet
    std::map<std::int64_t, store::Delivery> m_on_the_way;
    std::map<std::string, Trouble> m_troubles;  // by sink
    std::optional<std::chrono::sys_seconds> m_next;
    bool m_strangers = false;  // there may be deliveries to sinks that are no more
    Courier m_courier;         // last: its threads end first
};

/// What receivers know a delivery by, for ever.
std::string delivery_key(const store::Delivery& delivery);

}  // namespace tidemark::mirror::notify
