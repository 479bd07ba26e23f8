#include "hooks/deadline.h"

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

#include <sys/time.h>
#include <unistd.h>

namespace tidemark::hooks {
namespace {

// A signal handler gets nothing but its number, so what it needs has to lie here. Written only while the timer is off.
Farewell g_farewell;

void write_all(int descriptor, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void end_process(int) noexcept {
    // The log first: a client that reads nothing may hold up the message.
    if (g_farewell.log_descriptor >= 0) write_all(g_farewell.log_descriptor, g_farewell.log_line);
    write_all(STDERR_FILENO, g_farewell.message);
    ::_exit(g_farewell.exit_code);
}

void set_timer(std::chrono::milliseconds after) noexcept {
    itimerval timer{};
    timer.it_value.tv_sec = after.count() / 1000;
    timer.it_value.tv_usec = after.count() % 1000 * 1000;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

Deadline::Deadline(std::chrono::milliseconds after, Farewell farewell) {
    g_farewell = std::move(farewell);
    struct sigaction action {};
    action.sa_handler = end_process;
    ::sigaction(SIGALRM, &action, nullptr);
    // Whoever started us may have blocked it.
    sigset_t alarm;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
    set_timer(std::max(after, std::chrono::milliseconds(1)));
}

Deadline::~Deadline() {
    set_timer(std::chrono::milliseconds(0));
    std::signal(SIGALRM, SIG_DFL);
}

}  // namespace tidemark::hooks
