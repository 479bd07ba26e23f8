// How a repository's registry is reached: its Secrets turned into a credential, TLS settings and a proxy. And how hard
// registries may be asked.
#pragma once

#include <map>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/base/secrets.h"
#include "mirror/registry/access.h"
#include "mirror/registry/scanner.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// Throws Error{authentication|not_found|invalid} naming the Secret and the key, never their content.
registry::Access registry_access(const policy::ImageRepository& repository, const SecretStore& secrets);

/// What the configuration's `registries` say, for Scanner::limit_hosts.
std::map<std::string, registry::HostLimits> host_limits(const Configuration& configuration);

}  // namespace tidemark::mirror::service
