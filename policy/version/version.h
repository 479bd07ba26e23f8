// Semantic versions as Masterminds/semver reads them, loosely: "v1", "1.2-rc", "2025.07.03".
// Rules: conformance/README.md "Versions"; conformance/version-{parse,order}.json.
// A Version is a view of the text it was read from: nothing is allocated, and the text must outlive it.
// Pure; every function may be called from any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::policy {

struct Version {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t patch = 0;
    std::string_view prerelease;  // "rc.1"; empty: a release
    std::string_view metadata;    // "build.7"; counts for nothing in the order
    std::string_view original;    // as it was written
};

/// The loose grammar: `v?N(.N)?(.N)?(-ID(.ID)*)?(+ID(.ID)*)?`, at most 256 bytes.
std::optional<Version> parse_version(std::string_view text) noexcept;

/// What counts as a version among tags: the loose grammar with at least two dots anywhere, so that
/// "1" and "1.2" are not taken for 1.0.0 and 1.2.0.
std::optional<Version> parse_version_tag(std::string_view tag) noexcept;

/// Precedence: the three numbers, a prerelease below its release, then identifier by identifier.
std::strong_ordering compare(const Version& left, const Version& right) noexcept;

/// Precedence of two prereleases of one release; the empty one is above all.
std::strong_ordering compare_prereleases(std::string_view left, std::string_view right) noexcept;

/// "1.2.3-rc.1+build": without "v" and leading zeros, with all three numbers.
std::string canonical(const Version& version);

}  // namespace tidemark::policy
