// `registries:` of the configuration: how hard a registry host may be asked. A host that is not listed is asked without
// a limit in time, over a few connections (mirror/registry/scanner.h).
//
//   registries:
//     - host: ghcr.io             # as in image names, with the port if there is one; docker.io is all of Docker Hub
//       connections: 4            # requests that are under way at once
//       requestsPerSecond: 10     # every request counts; 0.5 is one in two seconds
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/base/finding.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {

struct RegistrySettings {
    std::string host;  // policy::registry_identity
    std::optional<unsigned> connections;
    std::optional<double> requests_per_second;
    policy::Place place;
};

/// Reads the list; what is wrong goes to the fields' report.
std::vector<RegistrySettings> read_registries(policy::yaml::Fields& root);

}  // namespace tidemark::mirror
