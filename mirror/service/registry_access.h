// How a repository's registry is reached: its Secrets turned into a credential, TLS settings and a proxy.
#pragma once

#include "mirror/base/secrets.h"
#include "mirror/registry/access.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

/// Throws Error{authentication|not_found|invalid} naming the Secret and the key, never their content.
registry::Access registry_access(const policy::ImageRepository& repository, const SecretStore& secrets);

}  // namespace tidemark::mirror::service
