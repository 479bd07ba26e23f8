#include "mirror/service/session.h"

#include "mirror/git/leftover_processes.h"
#include "mirror/git/remote_environment.h"
#include "mirror/service/suspensions.h"

namespace tidemark::mirror::service {

store::Store open_state(const Configuration& configuration, PassMode mode, store::Check check) {
    store::Store store(configuration.state, mode == PassMode::plan ? store::OpenMode::rehearse : store::OpenMode::write,
                       check);
    if (store.was_left()) git::end_leftover_processes(configuration.state / "mirrors");
    git::sweep_private_folders(git::find_private_root());
    return store;
}

Session open_session(const Configuration& configuration, PassMode mode, Fetch fetch) {
    store::Store store = open_state(configuration, mode);
    Workspace workspace = load_workspace(configuration, fetch);
    apply_suspensions(workspace, store, VoidSuspensions::forget);
    return {std::move(store), std::make_shared<const Workspace>(std::move(workspace))};
}

}  // namespace tidemark::mirror::service
