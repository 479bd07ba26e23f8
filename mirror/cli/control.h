// Whoever carries out what a person commands: the running service, asked over its socket, or this process on the
// state, under its lock.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mirror/cli/command.h"
#include "mirror/service/commands.h"

namespace tidemark::mirror::cli {

class Control {
public:
    struct Given {
        service::CommandAnswer::Status status = service::CommandAnswer::Status::refused;
        std::string message;
        std::string ticket;  // to wait by
    };
    enum class End {
        ready,
        not_ready,
        unknown,      // no Ready condition
        not_reached,  // the time was up before
    };
    struct Worked {
        End end = End::unknown;
        std::string message;  // of the Ready condition
        std::string result;   // in the words of flux: "scan fetched 3 tags"; of one that is ready
    };

    virtual ~Control() = default;

    /// The objects of a kind in a namespace, by bytes.
    virtual std::vector<std::string> names(policy::ObjectKind kind, const std::string& name_space) = 0;
    virtual Given give(const service::Command& command) = 0;
    /// Returns when the work that a command asked for is over.
    virtual Worked wait(const Given& given, const service::Command& command,
                        std::chrono::steady_clock::time_point deadline) = 0;
};

/// The service if one answers at its socket, else the state. Throws as configuration_with_objects and open_session.
std::shared_ptr<Control> open_control(const Call& call);

/// The last line of flux for an object of the kind that is ready.
std::string result_text(policy::ObjectKind kind, const store::ObjectStatus& status);

/// Who gives commands on this machine: "ada", "ada (as root)".
std::string local_user(const Environment& environment);

}  // namespace tidemark::mirror::cli
