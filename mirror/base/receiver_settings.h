// `receivers:` of the configuration: who may tell us that an image was pushed, at /hook/<name>.
//
//   receivers:
//     - name: registry
//       kind: distribution                                 # policy/receiver/kind.h has them all
//       secretRef: {namespace: tidemark, name: registry}   # its key `token`
//       repositories: [flux-system/web]                    # no others than these
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/receiver/kind.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {

struct ReceiverSettings {
    std::string name;
    policy::receiver::Kind kind = policy::receiver::Kind::distribution;
    policy::ObjectKey secret_ref;
    /// The ImageRepositories that it may have scanned; unset: all.
    std::optional<std::set<policy::ObjectKey>> repositories;
    policy::Place place;
};

/// Reads the list; what is wrong goes to the fields' report. Secrets are not looked at.
std::vector<ReceiverSettings> read_receivers(policy::yaml::Fields& root);

}  // namespace tidemark::mirror
