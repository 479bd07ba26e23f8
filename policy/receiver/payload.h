// What a message that was proved speaks of. The bodies are those of the senders' own documentation; whatever else they
// hold is not looked at. Of hostile text: at most k_body_limit bytes, k_depth_limit levels, k_image_limit images.
#pragma once

#include <string>
#include <vector>

#include "policy/receiver/kind.h"
#include "policy/receiver/message.h"

namespace tidemark::policy::receiver {

inline constexpr std::size_t k_depth_limit = 32;
inline constexpr std::size_t k_image_limit = 1000;

struct ImageName {
    /// Empty: the sender does not know the name its registry is pulled by (it may stand behind a proxy), so that any
    /// registry's repository of that name is meant.
    std::string registry;
    std::string repository;
    bool operator==(const ImageName&) const = default;
};

struct Payload {
    enum class Meaning {
        images,    // these images
        all,       // something happened, and images are not named
        nothing,   // a pull, a ping, a package that is no image
        malformed  // no JSON object, or not one of this sender
    };
    Meaning meaning = Meaning::malformed;
    std::vector<ImageName> images;  // no two are equal
};

Payload read_payload(Kind kind, const Message& message);

}  // namespace tidemark::policy::receiver
