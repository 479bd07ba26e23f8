#include "policy/selection/selection.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/selection/scan.h"

namespace tidemark::policy {

struct Selection::Compiled {
    std::variant<SemverPolicy, AlphabeticalPolicy, NumericalPolicy> policy;
    std::optional<Filter> filter;
    std::string pattern;  // as written, for messages

    const Filter* filter_if_any() const noexcept { return filter ? &*filter : nullptr; }
};

namespace {

using Choice = std::variant<Selected, NotSelected>;

/// Go upper-cases by Unicode, but no other letters become ASC or DESC but the long s.
Result<Direction> read_order(std::string_view order) {
    std::string upper;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const char c = order[i];
        if (order.substr(i).starts_with("\u017f")) {
            upper += 'S';
            ++i;
        } else {
            upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        }
    }
    if (upper.empty() || upper == "ASC") return Direction::ascending;
    if (upper == "DESC") return Direction::descending;
    return Problem{fmt::format("the order '{}' is none of asc, desc", order), 0};
}

std::string quoted(std::string_view text) {
    return fmt::format("'{}'", text);
}

std::string no_latest(const SemverPolicy& policy) {
    return fmt::format("no tag is a version in the range {}", quoted(policy.range));
}
std::string no_latest(const AlphabeticalPolicy&) {
    return "there is no tag to choose from";
}
std::string no_latest(const NumericalPolicy&) {
    return "there is no tag to choose from";
}

template <class Policy>
Choice choose_by(const Policy& policy, const Filter* filter, std::string_view pattern,
                 std::span<const std::string_view> tags, TagOrder order, SelectionTrace* trace) {
    if (trace != nullptr) {
        *trace = {};
        trace->tags = tags.size();
    }
    if (tags.empty()) return NotSelected{SelectionFailure::no_tags, "no tags are known"};
    const auto outcome = Scan<Policy>(policy, filter, order, trace).run(tags);
    if (outcome.unordered && !outcome.failing && order == TagOrder::any && filter == nullptr) {
        std::vector<std::string_view> stored(tags.begin(), tags.end());
        store_order(stored);
        return choose_by(policy, filter, pattern, std::span<const std::string_view>(stored), TagOrder::stored, trace);
    }
    if (!outcome.matched) {
        return NotSelected{SelectionFailure::no_latest,
                           fmt::format("the filter's pattern {} matches no tag", quoted(pattern))};
    }
    if (outcome.failing) {
        return NotSelected{
            SelectionFailure::no_latest,
            fmt::format("{} is no number; one such tag makes a numerical selection fail", quoted(*outcome.failing))};
    }
    if (!outcome.best) return NotSelected{SelectionFailure::no_latest, no_latest(policy)};
    return Selected{std::string(*outcome.best)};
}

template <class Policy>
bool ranks_below_by(const Policy& policy, const Filter* filter, std::string_view candidate, std::string_view current) {
    struct Side {
        std::string buffer;
        typename Policy::Value value{};
    };
    const auto read = [&](std::string_view tag, Side& side) {
        const auto text = filter != nullptr ? filter->apply(tag, side.buffer) : tag;
        return text && policy.read(*text, side.value) == Verdict::ranked && policy.admits(side.value);
    };
    Side left;
    Side right;
    return read(candidate, left) && read(current, right) && policy.rank(left.value, right.value) < 0;
}

}  // namespace

Result<Selection> Selection::compile(const SelectionSpec& spec) {
    auto compiled = std::make_unique<Compiled>();
    if (spec.semver) {
        auto constraint = Constraint::parse(spec.semver->range);
        if (!constraint) return constraint.problem();
        compiled->policy = SemverPolicy{std::move(constraint).value(), spec.semver->range};
    } else if (spec.alphabetical) {
        const auto direction = read_order(spec.alphabetical->order);
        if (!direction) return direction.problem();
        compiled->policy = AlphabeticalPolicy{*direction};
    } else if (spec.numerical) {
        const auto direction = read_order(spec.numerical->order);
        if (!direction) return direction.problem();
        compiled->policy = NumericalPolicy{*direction};
    } else {
        return Problem{"no policy is given: one of semver, alphabetical, numerical is needed", std::nullopt};
    }
    if (spec.filter) {
        auto filter = Filter::compile(spec.filter->pattern, spec.filter->extract);
        if (!filter) return filter.problem();
        compiled->filter = std::move(filter).value();
        compiled->pattern = spec.filter->pattern;
    }
    return Selection(std::move(compiled));
}

Choice Selection::choose(std::span<const std::string_view> tags, TagOrder order) const {
    return std::visit(
        [&](const auto& policy) {
            return choose_by(policy, m_compiled->filter_if_any(), m_compiled->pattern, tags, order, nullptr);
        },
        m_compiled->policy);
}

Choice Selection::choose(std::span<const std::string_view> tags, SelectionTrace& trace, TagOrder order) const {
    return std::visit(
        [&](const auto& policy) {
            return choose_by(policy, m_compiled->filter_if_any(), m_compiled->pattern, tags, order, &trace);
        },
        m_compiled->policy);
}

bool Selection::ranks_below(std::string_view candidate, std::string_view current) const {
    return std::visit(
        [&](const auto& policy) { return ranks_below_by(policy, m_compiled->filter_if_any(), candidate, current); },
        m_compiled->policy);
}

Selection::Selection(std::unique_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) {}
Selection::Selection(Selection&&) noexcept = default;
Selection& Selection::operator=(Selection&&) noexcept = default;
Selection::~Selection() = default;

}  // namespace tidemark::policy
