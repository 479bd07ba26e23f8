#include "policy/guard/judge.h"

#include <algorithm>

namespace tidemark::policy::guard {
namespace {

/// Ids are 40 or 64 digits long, so no constant of either length will do.
bool is_no_object(std::string_view id) noexcept {
    return std::all_of(id.begin(), id.end(), [](char c) { return c == '0'; });
}

}  // namespace

bool RefUpdate::creates() const noexcept {
    return is_no_object(old_id);
}

bool RefUpdate::deletes() const noexcept {
    return is_no_object(new_id);
}

std::string_view to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::allowed:
            return "allowed";
        case Verdict::warned:
            return "warned";
        case Verdict::refused:
            return "refused";
    }
    return "";
}

Judgement judge(const Push&, const RepositoryRules&, RepositoryView&, std::chrono::sys_seconds, const Limits&) {
    return {};
}

}  // namespace tidemark::policy::guard
