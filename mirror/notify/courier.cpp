#include "mirror/notify/courier.h"

#include <utility>

namespace tidemark::mirror::notify {

Courier::~Courier() {
    for (auto& [name, lane] : m_lanes)
        lane.thread.request_stop();
}

void Courier::give(Parcel parcel) {
    Lane& lane = m_lanes[parcel.sink->settings.name];
    {
        const std::lock_guard lock(m_mutex);
        lane.waiting.push_back(std::move(parcel));
    }
    if (!lane.thread.joinable())
        lane.thread = std::jthread([this, &lane](const std::stop_token& stop) { work(lane, stop); });
    lane.changed.notify_all();
}

std::vector<ParcelResult> Courier::take_results() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_results, {});
}

void Courier::work(Lane& lane, const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (lane.changed.wait(lock, stop, [&] { return !lane.waiting.empty(); })) {
        const Parcel parcel = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lock.unlock();
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        SendResult sent = send(*parcel.sink, parcel.notice, *parcel.secrets, now, stop);
        if (stop.stop_requested() && !sent.delivered) return;
        lock.lock();
        m_results.push_back({parcel.delivery, parcel.sink->settings.name, std::move(sent)});
        m_wake();
    }
}

}  // namespace tidemark::mirror::notify
