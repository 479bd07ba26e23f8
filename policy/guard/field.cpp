#include "policy/guard/field.h"

#include <algorithm>
#include <map>
#include <utility>

namespace tidemark::policy::guard {
namespace {

using Indexes = std::vector<std::size_t>;

/// Sorts the occurrences that are equal on both sides out, then pairs the rest.
class Comparison {
public:
    explicit Comparison(const Field& field) : m_field(field) {
        sort_out(field.before, m_lost, m_plain_before);
        sort_out(field.after, m_gained, m_plain_after);
        const auto has_place = [](const Occurrence& one) { return !one.place.empty(); };
        m_placed = std::any_of(field.before.begin(), field.before.end(), has_place) ||
                   std::any_of(field.after.begin(), field.after.end(), has_place);
    }

    std::vector<FieldLoss> run() {
        // Of equal markers those that also stayed in their place go first, so that the right ones are left.
        cancel(m_lost, m_gained, [](const Occurrence& one) { return one.setter + '\n' + one.place; });
        cancel(m_lost, m_gained, [](const Occurrence& one) { return one.setter; });
        if (m_lost.empty()) return {};
        if (m_placed) {
            pair_placed(m_gained, false);
            const std::size_t room = m_plain_after.size();
            cancel(m_plain_before, m_plain_after, [](const Occurrence& one) { return one.value; });
            if (room > 0) pair_placed(m_plain_after, true);
        } else {
            pair_in_order(m_gained, m_gained.size(), false);
            pair_plain();
        }
        std::sort(m_losses.begin(), m_losses.end(),
                  [](const FieldLoss& one, const FieldLoss& other) { return one.before < other.before; });
        return std::move(m_losses);
    }

private:
    static void sort_out(const std::vector<Occurrence>& occurrences, Indexes& marked, Indexes& plain) {
        for (std::size_t i = 0; i < occurrences.size(); ++i)
            (occurrences[i].setter.empty() ? plain : marked).push_back(i);
    }

    /// Calls `take(before, after)` for pairs with equal keys, in order, and removes those it takes from both lists.
    template <class Key, class Take>
    void match(Indexes& before, Indexes& after, const Key& key, const Take& take) {
        if (before.empty() || after.empty()) return;
        std::map<std::string, Indexes, std::less<>> open;
        for (auto at = after.rbegin(); at != after.rend(); ++at)
            open[std::string(key(m_field.after[*at]))].push_back(*at);
        std::vector<bool> taken(m_field.after.size());
        const auto matched = [&](std::size_t index) {
            const auto found = open.find(key(m_field.before[index]));
            if (found == open.end() || found->second.empty() || !take(index, found->second.back())) return false;
            taken[found->second.back()] = true;
            found->second.pop_back();
            return true;
        };
        before.erase(std::remove_if(before.begin(), before.end(), matched), before.end());
        after.erase(std::remove_if(after.begin(), after.end(), [&](std::size_t index) { return taken[index]; }),
                    after.end());
    }

    template <class Key>
    void cancel(Indexes& before, Indexes& after, const Key& key) {
        match(before, after, key, [](std::size_t, std::size_t) { return true; });
    }

    void pair_in_order(Indexes& after, std::size_t limit, bool removed) {
        const std::size_t count = std::min({m_lost.size(), after.size(), limit});
        for (std::size_t i = 0; i < count; ++i)
            m_losses.push_back({m_lost[i], after[i], removed});
        m_lost.erase(m_lost.begin(), m_lost.begin() + static_cast<std::ptrdiff_t>(count));
        after.erase(after.begin(), after.begin() + static_cast<std::ptrdiff_t>(count));
    }

    /// No more than there are more without a marker than before; those with the old value first.
    void pair_plain() {
        const std::size_t before = m_plain_before.size();
        std::size_t more = m_plain_after.size() > before ? m_plain_after.size() - before : 0;
        const auto value = [](const Occurrence& one) -> const std::string& { return one.value; };
        cancel(m_plain_before, m_plain_after, value);
        match(m_lost, m_plain_after, value, [&](std::size_t one, std::size_t other) {
            if (more == 0) return false;
            --more;
            m_losses.push_back({one, other, true});
            return true;
        });
        pair_in_order(m_plain_after, more, true);
    }

    /// Items without a name: the same one is the one in its place while none came or went, or else one whose value
    /// tells the same image. Of each image no more than there are more without a marker than before.
    void pair_placed(Indexes& after, bool removed) {
        const auto take = [&](std::size_t one, std::size_t other) {
            m_losses.push_back({one, other, removed});
            return true;
        };
        if (m_field.before.size() == m_field.after.size())
            match(
                m_lost, after, [](const Occurrence& one) -> const std::string& { return one.place; }, take);
        std::map<std::string_view, std::size_t> before_of;
        if (removed) {
            for (const std::size_t index : m_plain_before)
                ++before_of[without_version(m_field.before[index].value)];
        }
        const auto take_more = [&](std::size_t one, std::size_t other) {
            std::size_t& spoken_for = before_of[without_version(m_field.before[one].value)];
            if (spoken_for == 0) return take(one, other);
            --spoken_for;
            return false;
        };
        match(
            m_lost, after, [](const Occurrence& one) { return without_version(one.value); }, take_more);
    }

    const Field& m_field;
    Indexes m_lost;
    Indexes m_gained;
    Indexes m_plain_before;
    Indexes m_plain_after;
    bool m_placed = false;
    std::vector<FieldLoss> m_losses;
};

}  // namespace

std::vector<FieldLoss> find_losses(const Field& field) {
    return Comparison(field).run();
}

bool has_all_markers(const Field& field) {
    std::map<std::string_view, std::size_t> left;
    for (const Occurrence& one : field.after)
        ++left[one.setter];
    return std::all_of(field.before.begin(), field.before.end(),
                       [&left](const Occurrence& one) { return one.setter.empty() || left[one.setter]-- != 0; });
}

std::string_view without_version(std::string_view value) noexcept {
    const std::string_view without_digest = value.substr(0, value.find('@'));
    const std::size_t slash = without_digest.rfind('/');
    const std::size_t colon = without_digest.find(':', slash == std::string_view::npos ? 0 : slash);
    return without_digest.empty() ? value : without_digest.substr(0, colon);
}

}  // namespace tidemark::policy::guard
