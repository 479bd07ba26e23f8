// Objects as the running service tells of them over its socket: for callers that may use it and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/cli/service_client.h"
#include "mirror/service/known_object.h"

namespace tidemark::mirror::cli {

struct ToldObjects {
    std::vector<service::KnownObject> objects;
    std::vector<std::string> problems;  // what keeps files from being read
    std::size_t total = 0;              // of which `objects` are a part
};

/// Every object that fits, in order of namespace and name. Throws Error{network}, Error{permission}.
ToldObjects ask_for_objects(ServiceClient& client, policy::ObjectKind kind,
                            const std::optional<std::string>& name_space, const std::string& name);

/// One answer of /api/v1/objects. Throws Error{network} where it is none.
ToldObjects read_told_objects(policy::ObjectKind kind, const std::string& json);

}  // namespace tidemark::mirror::cli
