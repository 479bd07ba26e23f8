#include "mirror/cli/global_flags.h"

#include <array>

namespace tidemark::mirror::cli {
namespace {

/// Flags of `flux` that choose or tune a cluster. Scripts that give them go on working; there is no cluster here.
void add_cluster_flags(FlagSet& flags, Asked& asked) {
    constexpr std::array<std::string_view, 18> k_with_value = {
        "as",
        "as-group",
        "as-uid",
        "as-user-extra",
        "cache-dir",
        "certificate-authority",
        "client-certificate",
        "client-key",
        "cluster",
        "context",
        "kube-api-burst",
        "kube-api-qps",
        "kubeconfig",
        "server",
        "tls-server-name",
        "token",
        "user",
        "request-timeout",
    };
    const auto add = [&flags](std::string_view name, std::string type, TakeValue take) {
        Flag flag{std::string(name), '\0', std::move(type), "", std::move(take)};
        flag.global = true;
        flag.hidden = true;
        flags.add(std::move(flag));
    };
    for (const std::string_view name : k_with_value) {
        add(name, "string", [](const std::string&) { return std::optional<std::string>(); });
    }
    FlagSet truths;
    for (const char* name : {"disable-compression", "insecure-skip-tls-verify", "ns-follows-kube-context", "verbose"}) {
        truths.truth(name, asked.ignored_truth, "");
    }
    for (const Flag& flag : truths.flags())
        add(flag.name, "", flag.take);
}

}  // namespace

void add_global_flags(FlagSet& flags, GlobalOptions& global, Asked& asked) {
    FlagSet own;
    own.text("namespace", global.name_space, "namespace (default \"flux-system\", or FLUX_SYSTEM_NAMESPACE)", 'n');
    own.texts("objects", global.objects, "file or folder of objects; goes before the configuration");
    own.text("secrets", global.secrets, "folder of secrets: NAMESPACE/NAME/KEY, or Secret manifests");
    own.text("state", global.state, "folder of the state");
    own.text("config", global.config,
             "configuration file (default TIDEMARK_CONFIG; without --objects /etc/tidemark/tidemark.yaml)");
    own.duration("timeout", global.timeout, "limit of the whole command (default 5m0s)");
    own.truth("no-color", global.no_color, "no colours, also on a terminal");
    own.truth("help", asked.help, "what the command does", 'h');
    own.truth("version", asked.version, "the program's version", 'v');
    for (Flag flag : own.flags()) {
        flag.global = true;
        flags.add(std::move(flag));
    }
    add_cluster_flags(flags, asked);
}

}  // namespace tidemark::mirror::cli
