#include "policy/guard/automation_content.h"

#include <algorithm>

#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

constexpr std::uint32_t k_absent = 0;

std::string_view take_line(std::string_view& rest) noexcept {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
}

/// The first line that differs, marked values apart; 0 if no other does.
std::size_t first_difference(std::string_view before, std::string_view after) noexcept {
    for (std::size_t number = 1; !before.empty() || !after.empty(); ++number) {
        const std::string_view one = take_line(before);
        const std::string_view other = take_line(after);
        if (one != other && !(may_hold_markers(one) && may_hold_markers(other))) return number;
    }
    return 0;
}

/// Why a change of this shape is none of an automation's, whatever the bytes say; "" if the bytes have to tell.
std::string_view check_shape(const FileChange& change) noexcept {
    if (change.old_mode == k_absent) return "is new; the automation only changes marked values of files that are there";
    if (change.new_mode == k_absent) return "is removed; the automation only changes marked values";
    if (!is_regular_file(change.old_mode) || !is_regular_file(change.new_mode))
        return "is a link or a submodule; the automation only changes marked values in files";
    if (change.old_mode != change.new_mode) return "changes its mode; the automation only changes marked values";
    if (!is_manifest_name(change.path)) return "is no manifest; the automation only changes marked values in manifests";
    return {};
}

}  // namespace

std::vector<ContentFinding> find_foreign_content(const std::vector<FileChange>& changes, UpdateScope& scope,
                                                 ManifestBlobs& blobs) {
    std::vector<ContentFinding> findings;
    for (const FileChange& change : changes) {
        if (const std::string_view why = check_shape(change); !why.empty()) {
            findings.push_back({change.path, 0, std::string(why)});
            continue;
        }
        if (!scope.contains(change.path)) {
            findings.push_back({change.path, 0, "lies outside the paths in which the automation may change values"});
            continue;
        }
        blobs.charge_file();
        const std::optional<std::string> before = blobs.find(change.old_id);
        const std::optional<std::string> after = blobs.find(change.new_id);
        if (!before || !after) {
            findings.push_back({change.path, 0, "is larger than any file the automation changes"});
        } else if (!may_hold_markers(*before) || !only_marked_scalars_differ(*before, *after)) {
            findings.push_back({change.path, first_difference(*before, *after), "changes more than marked values"});
        }
    }
    return findings;
}

}  // namespace tidemark::policy::guard
