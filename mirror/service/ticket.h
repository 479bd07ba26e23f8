// What became of a command that another thread handed in: first its answer, later the end of the work it asked for.
// Safe for any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "mirror/service/commands.h"

namespace tidemark::mirror::service {

struct TicketState {
    std::optional<CommandAnswer> answer;  // set once the command was applied or refused
    bool finished = false;                // the work it asked for is over, or there was none
    // The object's Ready condition afterwards; "Unknown" where there is none.
    std::string ready = "Unknown";
    std::string message;
    bool suspended = false;
};

class Ticket {
public:
    Ticket(std::uint64_t number, Command command) : m_number(number), m_command(std::move(command)) {}

    std::uint64_t number() const noexcept { return m_number; }
    const Command& command() const noexcept { return m_command; }

    TicketState state() const;
    /// Return when the command is answered, or the work is over, or the time is up.
    TicketState wait_for_answer(std::chrono::milliseconds longest) const;
    TicketState wait_for_end(std::chrono::milliseconds longest) const;

    // For the service's thread.
    /// One that was not accepted, or wishes for nothing, needs finish() as well.
    void answer(CommandAnswer answer);
    void finish(std::string ready, std::string message, bool suspended);

private:
    const std::uint64_t m_number;
    const Command m_command;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    TicketState m_state;
};

}  // namespace tidemark::mirror::service
