// What forges answer, read: lists of requests, and why there is none. Pure functions over hostile text; what comes out
// is short, valid UTF-8 on one line.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mirror/base/forge_settings.h"
#include "policy/base/result.h"

namespace tidemark::mirror::forge {

/// Which request is meant. Branches of the same repository: a fork may have one of that name, too.
struct Question {
    std::string repository;  // "acme/fleet"
    std::string source_branch;
    std::string target_branch;
};

struct OpenRequest {
    std::int64_t number = 0;
    std::string reference;  // as people write it: "#12", on GitLab "!12"
    std::string title;
    std::string url;  // of its page, http or https; may be empty
    std::string author;
    bool draft = false;
    std::optional<std::chrono::sys_seconds> opened;
};

/// The open request among those of one answer, whatever else the forge put into it; nullopt: it is not there. The
/// Problem says why this is no list of requests.
policy::Result<std::optional<OpenRequest>> find_in_answer(ForgeKind kind, std::string_view body,
                                                          const Question& question);

/// Whether a Link header names a next page.
bool has_next_page(std::string_view link) noexcept;

/// The forge's own words in a refusal; empty if there are none that people would understand.
std::string refusal_words(std::string_view body);

}  // namespace tidemark::mirror::forge
