// Carries notices to their sinks beside the service's thread: one thread a sink, so that a slow one delays nobody else
// and each gets its notices in their order. It never touches the state: what became of a notice is fetched by
// take_results(), and `wake` says when there is something to fetch. Functions are for the service's thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "mirror/notify/send.h"

namespace tidemark::mirror::notify {

struct Parcel {
    std::int64_t delivery = 0;
    std::shared_ptr<const Sink> sink;
    Notice notice;
    std::shared_ptr<const SecretStore> secrets;
};

struct ParcelResult {
    std::int64_t delivery = 0;
    std::string sink;
    SendResult sent;
};

class Courier {
public:
    /// `wake` is called from the courier's threads.
    explicit Courier(std::function<void()> wake) : m_wake(std::move(wake)) {}
    /// What is being sent is given up: its delivery stays in the queue.
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    void give(Parcel parcel);
    std::vector<ParcelResult> take_results();

private:
    struct Lane {
        std::deque<Parcel> waiting;
        std::condition_variable_any changed;
        std::jthread thread;
    };
    void work(Lane& lane, const std::stop_token& stop);

    std::function<void()> m_wake;
    std::mutex m_mutex;
    std::vector<ParcelResult> m_results;
    std::map<std::string, Lane> m_lanes;  // by sink; a place in a map stays where it is
};

}  // namespace tidemark::mirror::notify
