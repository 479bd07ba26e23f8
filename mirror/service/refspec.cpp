#include "mirror/service/refspec.h"

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::service {

PushReference read_push_refspec(std::string_view refspec, const std::string& push_branch) {
    const std::string_view whole = refspec;
    const bool force = refspec.starts_with('+');
    if (force) refspec.remove_prefix(1);
    const std::string_view source = refspec.substr(0, refspec.find(':'));
    const std::string_view destination = refspec.substr(source.size() + 1);
    const std::string branch = "refs/heads/" + push_branch;
    if (source != "HEAD" && source != push_branch && source != branch)
        throw Error(ErrorKind::invalid,
                    fmt::format("spec.git.push.refspec {}: its source {} is not what is committed here; write {}:{}",
                                whole, source, branch, destination));
    const bool full = destination.starts_with("refs/");
    return {full ? std::string(destination) : fmt::format("refs/heads/{}", destination),
            force ? git::PushMode::replace : git::PushMode::fast_forward};
}

}  // namespace tidemark::mirror::service
