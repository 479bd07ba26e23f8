#include "mirror/notify/notifier.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::notify {
namespace {

using std::chrono::sys_seconds;

constexpr unsigned k_most_doublings = 12;

std::optional<store::Event> find_event(store::Store& store, std::int64_t id) {
    store::EventQuery query;
    query.after = id - 1;
    query.before = id + 1;
    query.limit = 1;
    std::vector<store::Event> events = store.events(query);
    if (events.empty()) return std::nullopt;
    return std::move(events.front());
}

}  // namespace

std::string delivery_key(const store::Delivery& delivery) {
    const std::string name = fmt::format("{}\n{}", delivery.sink, delivery.event);
    std::array<unsigned char, 32> digest{};
    EVP_Digest(name.data(), name.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + 16, ""));
}

void Notifier::set_sinks(Sinks sinks) {
    m_sinks.clear();
    for (std::shared_ptr<const Sink>& sink : sinks)
        m_sinks.emplace(sink->settings.name, std::move(sink));
    m_troubles.clear();  // what was wrong may be mended
    m_strangers = true;
}

void Notifier::listen(store::Store& store) {
    store.on_event([this, &store](const store::Event& event) { enqueue(store, event); });
}

void Notifier::enqueue(store::Store& store, const store::Event& event) {
    for (const auto& [name, sink] : m_sinks) {
        if (!wants(sink->settings.filter, event)) continue;
        std::optional<store::Delivery> waiting = store.find_delivery_like(name, event);
        if (waiting && !m_on_the_way.contains(waiting->id)) {
            waiting->newest = event.id;
            ++waiting->events;
            store.put_delivery(*waiting);
            continue;
        }
        const bool repeats = store.has_event_like(event, event.time - k_repeat);
        store::Delivery delivery;
        delivery.event = event.id;
        delivery.sink = name;
        delivery.next_try = repeats ? event.time + k_repeat : event.time;
        store.add_delivery(delivery);
        m_next = std::min(m_next.value_or(delivery.next_try), delivery.next_try);
    }
}

void Notifier::turn(std::optional<store::Store>& store, std::shared_ptr<const SecretStore> secrets, sys_seconds now) {
    m_secrets = std::move(secrets);
    for (ParcelResult& result : m_courier.take_results())
        m_results.push_back(std::move(result));
    if (!store) return;
    try {
        while (!m_results.empty()) {
            note(*store, m_results.back(), now);
            m_results.pop_back();
        }
        if (std::exchange(m_strangers, false)) drop_strangers(*store);
        hand_out(*store, now);
    } catch (const Error&) {
    }
}

void Notifier::note(store::Store& store, const ParcelResult& result, sys_seconds now) {
    const auto found = m_on_the_way.find(result.delivery);
    if (found == m_on_the_way.end()) return;
    const store::Delivery delivery = found->second;
    if (!result.sent.delivered && !result.sent.refused) {
        postpone(store, delivery, result.sent, now);
        m_on_the_way.erase(found);
        return;
    }
    store.remove_delivery(delivery.id);
    m_on_the_way.erase(found);
    if (result.sent.refused)
        return m_say(true, fmt::format("notification {}: a notice was refused and is dropped: {}", delivery.sink,
                                       result.sent.error));
    if (m_troubles.erase(delivery.sink) > 0)
        m_say(false, fmt::format("notification {}: delivers again", delivery.sink));
}

void Notifier::postpone(store::Store& store, store::Delivery delivery, const SendResult& sent, sys_seconds now) {
    Trouble& trouble = m_troubles[delivery.sink];
    const auto doubled = k_first_wait * (1U << std::min(trouble.failures++, k_most_doublings));
    const auto wait = std::max(std::min<std::chrono::seconds>(doubled, k_longest_wait),
                               std::min(sent.retry_after.value_or(std::chrono::seconds(0)), k_longest_wait));
    trouble.until = now + wait;
    if (std::exchange(trouble.error, sent.error) != sent.error)
        m_say(true, fmt::format("notification {}: cannot deliver, tries again: {}", delivery.sink, sent.error));
    ++delivery.attempts;
    delivery.next_try = now + wait;
    delivery.last_error = sent.error;
    store.put_delivery(delivery);
}

void Notifier::hand_out(store::Store& store, sys_seconds now) {
    m_next.reset();
    for (const auto& [name, sink] : m_sinks) {
        const bool busy = std::any_of(m_on_the_way.begin(), m_on_the_way.end(),
                                      [&](const auto& entry) { return entry.second.sink == name; });
        if (busy) continue;  // its result wakes us
        const auto trouble = m_troubles.find(name);
        const sys_seconds not_before = trouble == m_troubles.end() ? now : trouble->second.until;
        bool given = false;
        while (!given && not_before <= now) {
            const auto delivery = store.find_due_delivery(name, now);
            if (!delivery) break;
            given = give(store, sink, *delivery);
            if (!given) store.remove_delivery(delivery->id);
        }
        if (given) continue;
        if (const auto next = store.next_delivery(name)) {
            const sys_seconds time = std::max(*next, not_before);
            m_next = std::min(m_next.value_or(time), time);
        }
    }
}

/// False for a delivery that nobody can want any more.
bool Notifier::give(store::Store& store, const std::shared_ptr<const Sink>& sink, const store::Delivery& delivery) {
    std::optional<store::Event> event = find_event(store, std::max(delivery.newest, delivery.event));
    if (!event) return false;
    if (delivery.attempts > 0 && delivery.next_try > event->time + k_patience) {
        m_say(true, fmt::format("notification {}: {} of {} is dropped after a day: {}", delivery.sink, event->reason,
                                event->object.to_string(), delivery.last_error));
        return false;
    }
    m_courier.give({delivery.id, sink, {delivery_key(delivery), std::move(*event), delivery.events}, m_secrets});
    m_on_the_way.emplace(delivery.id, delivery);
    return true;
}

void Notifier::drop_strangers(store::Store& store) {
    for (const store::Delivery& delivery : store.due_deliveries(sys_seconds::max(), store::Store::k_deliveries_kept)) {
        if (!m_sinks.contains(delivery.sink)) store.remove_delivery(delivery.id);
    }
}

}  // namespace tidemark::mirror::notify
