#include "mirror/base/signals.h"

#include <utility>

namespace tidemark::mirror {

SignalThread::SignalThread(std::initializer_list<int> signals, std::function<void(int signal)> handle)
    : m_wake_up(*signals.begin()) {
    sigemptyset(&m_signals);
    for (const int signal : signals)
        sigaddset(&m_signals, signal);
    ::pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
    m_thread = std::jthread([this, handle = std::move(handle)] {
        int signal = 0;
        while (::sigwait(&m_signals, &signal) == 0 && !m_ending)
            handle(signal);
    });
}

SignalThread::~SignalThread() {
    m_ending = true;
    ::pthread_kill(m_thread.native_handle(), m_wake_up);
    m_thread.join();
    ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

}  // namespace tidemark::mirror
