// The state folder, locked, and the objects read under that lock: what every command that works begins with.
#pragma once

#include <memory>
#include <optional>

#include "mirror/base/configuration.h"
#include "mirror/registry/scanner.h"
#include "mirror/service/workspace.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

enum class PassMode {
    run,   // commits and pushes
    plan,  // says what it would push; writes nothing but the mirror
};

struct Session {
    std::optional<store::Store> store;           // first: the lock goes before everything that touches the state folder
    std::shared_ptr<const Workspace> workspace;  // shared with whoever reads beside the passes; never changed
    std::unique_ptr<registry::Scanner> scanner = {};  // made by the first pass, its connections kept for the next
};

/// The state folder alone. Error{conflict} if another process has it.
store::Store open_state(const Configuration& configuration, PassMode mode, store::Check check = store::Check::now);

/// Error{conflict} if another process has the state folder; else as load_workspace.
Session open_session(const Configuration& configuration, PassMode mode, Fetch fetch = Fetch::yes);

}  // namespace tidemark::mirror::service
