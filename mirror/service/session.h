// The state folder, locked, and the objects read under that lock: what every command that works begins with.
#pragma once

#include "mirror/base/configuration.h"
#include "mirror/service/workspace.h"
#include "mirror/store/store.h"

namespace tidemark::mirror::service {

enum class PassMode {
    run,   // commits and pushes
    plan,  // says what it would push; writes nothing but the mirror
};

struct Session {
    store::Store store;  // first: the lock goes before everything that touches the state folder
    Workspace workspace;
};

/// Error{conflict} if another process has the state folder; else as load_workspace.
Session open_session(const Configuration& configuration, PassMode mode);

}  // namespace tidemark::mirror::service
