// The configuration a command works with: the file, and the flags that go before it.
#pragma once

#include "mirror/base/configuration.h"
#include "mirror/cli/command.h"

namespace tidemark::mirror::cli {

/// Throws Error{not_found|invalid|permission|usage}.
Configuration configuration_of(const Call& call);

/// Throws Error{usage} that says how to name some where the configuration names no objects.
void require_objects(const Configuration& configuration);

/// Both, for commands that make no sense without objects.
Configuration configuration_with_objects(const Call& call);

}  // namespace tidemark::mirror::cli
