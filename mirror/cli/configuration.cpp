#include "mirror/cli/configuration.h"

#include "mirror/base/error.h"

namespace tidemark::mirror::cli {

Configuration configuration_of(const Call& call) {
    const GlobalOptions& global = call.global;
    ConfigurationOverrides overrides;
    if (!global.config.empty()) overrides.config = global.config;
    overrides.objects.assign(global.objects.begin(), global.objects.end());
    if (!global.secrets.empty()) overrides.secrets = global.secrets;
    if (!global.state.empty()) overrides.state = global.state;
    return load_configuration(overrides, [&](const char* name) { return std::string(call.environment.get(name)); });
}

void require_objects(const Configuration& configuration) {
    if (configuration.object_folders.empty() && configuration.object_repositories.empty())
        throw Error(ErrorKind::usage,
                    "no objects are named: give a folder with --objects DIR, or list some in the configuration "
                    "(--config FILE)");
}

Configuration configuration_with_objects(const Call& call) {
    Configuration configuration = configuration_of(call);
    require_objects(configuration);
    return configuration;
}

}  // namespace tidemark::mirror::cli
