// Takes signals in a thread of their own, where they may do what a handler may not. Make one before any other thread
// is started: the signals are blocked in the thread that makes it, and threads started later inherit that.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <thread>

namespace tidemark::mirror {

class SignalThread {
public:
    /// `handle` is called on the signals' thread and must not throw.
    SignalThread(std::initializer_list<int> signals, std::function<void(int signal)> handle);
    /// Ends the thread; signals do again what they did before.
    ~SignalThread();
    SignalThread(const SignalThread&) = delete;
    SignalThread& operator=(const SignalThread&) = delete;

private:
    sigset_t m_signals{};
    sigset_t m_before{};
    int m_wake_up;
    std::atomic<bool> m_ending = false;
    std::jthread m_thread;
};

}  // namespace tidemark::mirror
