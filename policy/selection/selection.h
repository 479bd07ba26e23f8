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

struct SemverChoice {
    std::string range;
};
struct AlphabeticalChoice {
    std::string order;
};
struct NumericalChoice {
    std::string order;
};

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

/// Where each tag dropped out, for `policy test` and `explain`. The counts and the tags that were ranked add
/// up to `tags`. A tag that is no number makes a numerical selection fail as a whole; `best` is filled all the
/// same, so that people see what they would get.
struct SelectionTrace {
    std::size_t tags = 0;
    std::size_t not_matching = 0;  // the filter's pattern did not match
    std::size_t same_extract = 0;  // another tag with the same extract was kept
    std::size_t not_a_version = 0;
    std::size_t out_of_range = 0;
    std::size_t numberless = 0;             // no number, in a numerical selection
    std::vector<std::string> best;          // up to ten tags, best first; best.front() is the selected one
    std::vector<std::string> not_a_number;  // up to ten of the numberless tags, in the order given
};

/// How ties are decided among the tags handed over.
enum class TagOrder {
    stored,  // the tags stand in stored order (store_order); as Flux, which goes by their places
    any,     // the answer is that of the stored order, whatever the order is: saves the sorting
};

class Selection {
public:
    /// Builds range, order and pattern. A Problem is `invalid_policy`: it stays until the object changes.
    static Result<Selection> compile(const SelectionSpec& spec);

    /// The tag the policy selects. Where Flux's answer is random (ties behind a filter) it is one of Flux's,
    /// and the same at each call.
    std::variant<Selected, NotSelected> choose(std::span<const std::string_view> tags,
                                               TagOrder order = TagOrder::stored) const;

    /// As choose, and why each tag dropped out; `trace` is filled anew.
    std::variant<Selected, NotSelected> choose(std::span<const std::string_view> tags, SelectionTrace& trace,
                                               TagOrder order = TagOrder::stored) const;

    /// Whether this policy ranks `candidate` below `current` (both as tags); ties are not below. False when
    /// either is not rankable by it: filtered out, no version or out of range, no number. So a policy that was
    /// edited to shut out the current tag may go down. This is the guard against going down when a registry
    /// lists less than before.
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
