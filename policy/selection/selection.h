// Choosing a tag: exclusion list, filter and extract, the three policies.
// Rules: conformance/README.md "Tag selection"; conformance/{semver-policy,numerical-policy,alphabetical-policy,
// filter,image-policy,exclusion-list}.json. A compiled policy may be used by several threads at once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/base/result.h"

namespace tidemark::policy {

struct SemverChoice { std::string range; };
struct AlphabeticalChoice { std::string order; };
struct NumericalChoice { std::string order; };

struct TagFilter {
    std::string pattern;
    std::string extract;
    bool operator==(const TagFilter&) const = default;
};

/// spec.filterTags and spec.policy of an ImagePolicy, as written. Several policies may be given: semver goes
/// before alphabetical, that before numerical.
struct SelectionSpec {
    std::optional<TagFilter> filter;
    std::optional<SemverChoice> semver;
    std::optional<AlphabeticalChoice> alphabetical;
    std::optional<NumericalChoice> numerical;
};

enum class SelectionFailure { invalid_policy, no_tags, no_latest };

struct Selected {
    std::string tag;
};

struct NotSelected {
    SelectionFailure failure = SelectionFailure::no_latest;
    std::string message;
};

/// Where a tag dropped out, for `policy test` and `explain`.
struct SelectionTrace {
    std::size_t tags = 0;
    std::size_t not_matching = 0;   // the filter's pattern did not match
    std::size_t same_extract = 0;   // another tag with the same extract was kept
    std::size_t not_a_version = 0;
    std::size_t out_of_range = 0;
    std::vector<std::string> best;  // up to ten tags, best first
    std::vector<std::string> not_a_number;  // up to ten tags that make a numerical selection fail
};

class Selection {
public:
    /// Builds range, order and pattern. A Problem is `invalid_policy`: it stays until the object changes.
    static Result<Selection> compile(const SelectionSpec& spec);

    /// `tags` in stored order (descending bytes, as store_order gives them).
    std::variant<Selected, NotSelected> choose(std::span<const std::string_view> tags) const;

    /// As choose, and why each tag dropped out. Slower; for people.
    std::variant<Selected, NotSelected> choose(std::span<const std::string_view> tags, SelectionTrace& trace) const;

    /// Whether this policy ranks `candidate` below `current` (both as tags). False when either is not
    /// rankable by it. This is the guard against going down when a registry lists less than before.
    bool ranks_below(std::string_view candidate, std::string_view current) const;

    Selection(Selection&&) noexcept;
    Selection& operator=(Selection&&) noexcept;
    ~Selection();

private:
    struct Compiled;
    explicit Selection(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> m_compiled;
};

/// spec.exclusionList: tags it matches are never stored. Null or empty means `^.*\.sig$`.
class ExclusionList {
public:
    static Result<ExclusionList> compile(const std::vector<std::string>& patterns);
    bool excludes(std::string_view tag) const;

    ExclusionList(ExclusionList&&) noexcept;
    ExclusionList& operator=(ExclusionList&&) noexcept;
    ~ExclusionList();

private:
    struct Compiled;
    explicit ExclusionList(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> m_compiled;
};

/// Sorts by bytes, descending: the order in which tags are stored and every tie is decided.
void store_order(std::vector<std::string_view>& tags);

}  // namespace tidemark::policy
