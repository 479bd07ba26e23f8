// `forges:` of the configuration: which hosts of GitRepositories are forges that can be asked for pull and merge
// requests, and with which token. It stands here and not at an object: objects may come from Git, and whoever can write
// there must not choose where a token is sent.
//
//   forges:
//     - host: git.example                                      # of ssh, https and http URLs, with the port they have
//       kind: gitea                                            # forgejo, gitlab, github
//       url: https://git.example                               # its pages; API below it
//       tokenSecretRef: {namespace: tidemark, name: forge}     # its key `token`
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"
#include "policy/objects/objects.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {

enum class ForgeKind { gitea, forgejo, gitlab, github };
std::string_view to_string(ForgeKind kind) noexcept;

struct ForgeSettings {
    std::string host;  // policy::forge_host
    ForgeKind kind = ForgeKind::gitea;
    std::string url;  // without a slash at its end
    std::optional<policy::ObjectKey> token_secret_ref;
    policy::Place place;
};

/// Reads the list; what is wrong goes to the fields' report. Secrets are not looked at.
std::vector<ForgeSettings> read_forges(policy::yaml::Fields& root);

}  // namespace tidemark::mirror
