// The hook's own deadline: a timer that ends the process with an answer prepared beforehand, whatever it is doing then
// (libgit2 can spin for ever on a damaged object). At most one at a time. Not for programs with several threads.
#pragma once

#include <chrono>
#include <string>

namespace tidemark::hooks {

/// What is written and answered at the deadline. The texts are ready bytes, as a signal handler can format nothing.
struct Farewell {
    std::string message;  // to standard error
    std::string log_line;
    int log_descriptor = -1;
    int exit_code = 1;
};

class Deadline {
public:
    /// From now on, until the destructor.
    Deadline(std::chrono::milliseconds after, Farewell farewell);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
};

}  // namespace tidemark::hooks
