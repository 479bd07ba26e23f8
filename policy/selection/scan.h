// One pass over a tag list under one policy: keeps the best tag, and for a trace the ten best and the reasons.
// Used by selection.cpp only. A Scan belongs to one thread and one run.
#pragma once

#include <bit>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/selection/filter.h"
#include "policy/selection/policies.h"
#include "policy/selection/selection.h"

namespace tidemark::policy {

/// Hashes of texts that were seen, open addressing. Texts that agree in 32 bits of hash and in place count as
/// equal: good enough for a count that people read, small enough for the cache, and nothing else uses it.
class SeenTexts {
public:
    explicit SeenTexts(std::size_t expected) : m_slots(std::bit_ceil(expected * 2 + 16), 0) {}

    /// Whether `text` is new.
    bool insert(std::string_view text) {
        const std::size_t hash = std::hash<std::string_view>{}(text);
        const auto mark = static_cast<std::uint32_t>(hash >> 32) | 1;  // 0 is a free slot
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
            if (m_slots[slot] == mark) return false;
            if (m_slots[slot] == 0) {
                m_slots[slot] = mark;
                return true;
            }
        }
    }

private:
    std::vector<std::uint32_t> m_slots;
};

template <class Policy>
class Scan {
public:
    using Value = typename Policy::Value;

    Scan(const Policy& policy, const Filter* filter, TagOrder order, SelectionTrace* trace)
        : m_policy(policy), m_filter(filter), m_order(order), m_trace(trace) {}

    /// What a run found. `failing` is the first text that makes the whole selection fail.
    struct Outcome {
        std::optional<std::string_view> best;
        std::optional<std::string> failing;  // owned: it may have stood in the buffer
        bool matched = false;                // the filter let something through
        bool unordered = false;              // some value is NaN: the answer hangs on the order
    };

    Outcome run(std::span<const std::string_view> tags) {
        std::optional<SeenTexts> seen;
        // Without an extract only a tag listed twice could meet itself, and that does no harm.
        if (m_trace != nullptr && m_filter != nullptr && m_filter->extracts()) seen.emplace(tags.size());
        for (std::string_view tag : tags) {
            const auto text = m_filter != nullptr ? m_filter->apply(tag, m_buffer) : tag;
            if (!text) {
                if (m_trace != nullptr) ++m_trace->not_matching;
                continue;
            }
            m_outcome.matched = true;
            take(tag, *text, seen ? &*seen : nullptr);
            if (m_outcome.failing && m_trace == nullptr) break;
        }
        if (m_best) m_outcome.best = m_best->tag;
        if (m_trace != nullptr) write_trace();
        return m_outcome;
    }

private:
    struct Entry {
        std::string_view tag;
        std::string_view text;
        Value value{};
    };

    static constexpr std::size_t k_listed = 10;

    void take(std::string_view tag, std::string_view text, SeenTexts* seen) {
        Entry entry{tag, text, {}};
        const Verdict verdict = m_policy.read(text, entry.value);
        if (verdict == Verdict::not_a_number) {
            if (!m_outcome.failing) m_outcome.failing = std::string(text);
        }
        if (m_trace == nullptr && verdict != Verdict::ranked) return;
        m_outcome.unordered = m_outcome.unordered || (verdict == Verdict::ranked && is_unordered(entry.value));
        if (m_trace != nullptr) {
            take_traced(verdict, entry, seen);
        } else if ((!m_best || beats(entry, *m_best)) && m_policy.admits(entry.value)) {
            // Only what beats the best is worth the look at the range.
            keep(entry);
            m_best = entry;
        }
    }

    void take_traced(Verdict verdict, Entry& entry, SeenTexts* seen) {
        if (verdict == Verdict::ranked && !m_policy.admits(entry.value)) verdict = Verdict::out_of_range;
        if (seen != nullptr && !seen->insert(entry.text)) {
            ++m_trace->same_extract;
        } else {
            count(verdict, entry.tag);
        }
        if (verdict != Verdict::ranked) return;
        const bool better = !m_best || beats(entry, *m_best);
        const bool listed = m_top.size() < k_listed || !precedes(m_top.back(), entry);
        if (!better && !listed) return;
        keep(entry);
        if (better) m_best = entry;
        if (listed) list(entry);
    }

    void count(Verdict verdict, std::string_view tag) {
        switch (verdict) {
            case Verdict::ranked:
                break;
            case Verdict::not_a_version:
                ++m_trace->not_a_version;
                break;
            case Verdict::out_of_range:
                ++m_trace->out_of_range;
                break;
            case Verdict::not_a_number:
                ++m_trace->numberless;
                if (m_trace->not_a_number.size() < k_listed) m_trace->not_a_number.emplace_back(tag);
                break;
        }
    }

    /// Makes a text that stands in the buffer outlive the next tag.
    void keep(Entry& entry) {
        if (m_filter == nullptr || !m_filter->makes_text()) return;
        entry.text = m_kept.emplace_back(entry.text);
        m_policy.read(entry.text, entry.value);
    }

    /// Whether `tag` stands behind `other` in stored order.
    bool stands_later(std::string_view tag, std::string_view other) const noexcept {
        return m_order == TagOrder::stored || tag < other;
    }

    /// Whether `entry`, met after `best`, takes its place.
    bool beats(const Entry& entry, const Entry& best) const {
        // The later of two tags with one extract is kept, as the later entry of a map.
        if (m_filter != nullptr && entry.text == best.text) return stands_later(entry.tag, best.tag);
        const std::partial_ordering rank = m_policy.rank(entry.value, best.value);
        if (rank > 0) return true;
        if (rank < 0) return false;
        if (m_filter == nullptr) {
            if (rank == std::partial_ordering::unordered) return true;  // NaN replaces and is replaced
            return stands_later(entry.tag, best.tag) == (Policy::k_tie == TieRule::last);
        }
        // Behind a filter the places say nothing; any tied extract is right, so take a steady one: NaN last,
        // else as if the extracts themselves stood in stored order.
        if (is_unordered(entry.value) != is_unordered(best.value)) return is_unordered(best.value);
        return (entry.text < best.text) == (Policy::k_tie == TieRule::last);
    }

    /// A total order for the list of the ten best.
    bool precedes(const Entry& left, const Entry& right) const {
        if (is_unordered(left.value) != is_unordered(right.value)) return is_unordered(right.value);
        const std::partial_ordering rank = m_policy.rank(left.value, right.value);
        if (rank != std::partial_ordering::equivalent && rank != std::partial_ordering::unordered) return rank > 0;
        if (left.text == right.text) return left.tag < right.tag;
        return (left.text < right.text) == (Policy::k_tie == TieRule::last);
    }

    void list(const Entry& entry) {
        for (Entry& other : m_top) {
            if (other.text != entry.text) continue;
            if (stands_later(entry.tag, other.tag)) other = entry;
            return;
        }
        auto place = m_top.begin();
        while (place != m_top.end() && precedes(*place, entry))
            ++place;
        m_top.insert(place, entry);
        if (m_top.size() > k_listed) m_top.pop_back();
    }

    void write_trace() {
        // The selected tag goes first: with NaN among the values it need not be the first by rank.
        if (m_best) m_trace->best.emplace_back(m_best->tag);
        for (const Entry& entry : m_top) {
            if (m_trace->best.size() < k_listed && entry.text != m_best->text) m_trace->best.emplace_back(entry.tag);
        }
    }

    const Policy& m_policy;
    const Filter* m_filter;
    TagOrder m_order;
    SelectionTrace* m_trace;
    std::string m_buffer;
    std::deque<std::string> m_kept;  // texts that entries point into
    std::optional<Entry> m_best;
    std::vector<Entry> m_top;  // best first
    Outcome m_outcome;
};

}  // namespace tidemark::policy
