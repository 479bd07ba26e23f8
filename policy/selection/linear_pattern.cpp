#include "policy/selection/linear_pattern.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_endless = std::numeric_limits<std::size_t>::max();

bool is_letter_or_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_printable(char c) noexcept {
    return c >= ' ' && c <= '~';
}

}  // namespace

void LinearPattern::Characters::add(const Characters& other) noexcept {
    for (std::size_t c = 0; c < k_ascii; ++c)
        members[c] = members[c] || other.members[c];
}

void LinearPattern::Characters::turn_round() noexcept {
    for (std::size_t c = 0; c < k_ascii; ++c)
        members[c] = !members[c];
}

bool LinearPattern::Characters::meets(const Characters& other) const noexcept {
    for (std::size_t c = 0; c < k_ascii; ++c) {
        if (members[c] && other.members[c]) return true;
    }
    return false;
}

/// Reads a well-formed pattern; every reader answers false at what is beyond a LinearPattern.
class LinearCompiler {
public:
    explicit LinearCompiler(std::string_view pattern) : m_rest(pattern) {}

    std::optional<LinearPattern> run() {
        if (!take("^")) return std::nullopt;
        while (!m_rest.empty()) {
            if (m_rest == "$" && m_open.empty()) {
                m_result.m_to_the_end = true;
                break;
            }
            const bool read = m_rest.front() == '(' ? open() : m_rest.front() == ')' ? close() : item();
            if (!read) return std::nullopt;
        }
        if (!m_open.empty() || !m_result.is_deterministic()) return std::nullopt;
        return std::move(m_result);
    }

private:
    using Characters = LinearPattern::Characters;
    using Step = LinearPattern::Step;
    using StepKind = LinearPattern::StepKind;

    bool take(std::string_view text) noexcept {
        if (!m_rest.starts_with(text)) return false;
        m_rest.remove_prefix(text.size());
        return true;
    }

    void add_step(StepKind kind, std::size_t group) {
        Step step;
        step.kind = kind;
        step.group = group;
        m_result.m_steps.push_back(std::move(step));
    }

    bool open() {
        std::size_t group = 0;  // none
        if (!take("(?:")) {
            if (take("(?P<") || take("(?<")) {
                m_rest.remove_prefix(m_rest.find('>') + 1);
            } else if (m_rest.starts_with("(?")) {
                return false;
            } else {
                take("(");
            }
            group = m_result.m_groups++;
        }
        m_open.push_back(group);
        add_step(StepKind::open, group);
        return true;
    }

    bool close() {
        take(")");
        if (m_open.empty()) return false;
        add_step(StepKind::close, m_open.back());
        m_open.pop_back();
        return m_rest.empty() || std::string_view("*+?{").find(m_rest.front()) == std::string_view::npos;
    }

    /// A character or a class, and how often.
    bool item() {
        Characters characters;
        std::optional<char> single;
        if (!read_atom(characters, single)) return false;
        std::size_t least = 1;
        std::size_t most = 1;
        if (!read_repetition(least, most)) return false;
        if (single && least == 1 && most == 1) {
            if (m_result.m_steps.empty() || m_result.m_steps.back().kind != StepKind::literal) {
                add_step(StepKind::literal, 0);
            }
            m_result.m_steps.back().text += *single;
            return true;
        }
        add_step(StepKind::repeat, 0);
        m_result.m_steps.back().characters = characters;
        m_result.m_steps.back().least = least;
        m_result.m_steps.back().most = most;
        return true;
    }

    bool read_atom(Characters& characters, std::optional<char>& single) {
        const char c = m_rest.front();
        if (c == '[') return read_brackets(characters);
        if (c == '\\') return read_escape(characters, single);
        if (!is_printable(c) || std::string_view("^$*+?{|").find(c) != std::string_view::npos) return false;
        m_rest.remove_prefix(1);
        if (c == '.') {
            characters.add('\n');
            characters.turn_round();
            m_result.m_wide = true;
            return true;
        }
        single = c;
        characters.add(static_cast<unsigned char>(c));
        return true;
    }

    /// `\d`, `\w`, `\s`, or an escaped mark.
    bool read_escape(Characters& characters, std::optional<char>& single) {
        const char letter = m_rest.size() > 1 ? m_rest[1] : '\0';
        if (!is_printable(letter)) return false;
        m_rest.remove_prefix(2);
        if (!is_letter_or_digit(letter)) {
            single = letter;
            characters.add(static_cast<unsigned char>(letter));
            return true;
        }
        const auto add_range = [&](char first, char last) {
            for (char c = first; c <= last; ++c)
                characters.add(static_cast<unsigned char>(c));
        };
        if (letter == 's') {
            for (char c : {'\t', '\n', '\f', '\r', ' '})
                characters.add(static_cast<unsigned char>(c));
            return true;
        }
        if (letter != 'd' && letter != 'w') return false;
        add_range('0', '9');
        if (letter == 'w') {
            add_range('a', 'z');
            add_range('A', 'Z');
            characters.add('_');
        }
        return true;
    }

    bool read_brackets(Characters& characters) {
        take("[");
        const bool negated = take("^");
        if (m_rest.starts_with(']')) return false;
        while (!take("]")) {
            std::optional<char> first;
            Characters members;
            if (!read_member(members, first)) return false;
            if (m_rest.starts_with('-') && !m_rest.starts_with("-]")) {
                take("-");
                std::optional<char> last;
                if (!first || !read_member(members, last) || !last) return false;
                for (char c = *first; c <= *last; ++c)
                    members.add(static_cast<unsigned char>(c));
            }
            characters.add(members);
        }
        if (negated) {
            characters.turn_round();
            m_result.m_wide = true;
        }
        return true;
    }

    /// One character, or a class by its letter (then `single` stays empty).
    bool read_member(Characters& members, std::optional<char>& single) {
        if (m_rest.empty()) return false;
        if (m_rest.front() == '\\') return read_escape(members, single);
        if (m_rest.front() == '[' || !is_printable(m_rest.front())) return false;
        single = m_rest.front();
        members.add(static_cast<unsigned char>(*single));
        m_rest.remove_prefix(1);
        return true;
    }

    bool read_repetition(std::size_t& least, std::size_t& most) {
        if (take("*")) {
            least = 0;
            most = k_endless;
        } else if (take("+")) {
            most = k_endless;
        } else if (take("?")) {
            least = 0;
        } else if (m_rest.starts_with('{')) {
            if (!read_counts(least, most)) return false;
        } else {
            return true;
        }
        // A second sign makes it lazy: beyond this.
        return m_rest.empty() || std::string_view("*+?{").find(m_rest.front()) == std::string_view::npos;
    }

    /// `{n}`, `{n,}`, `{n,m}`.
    bool read_counts(std::size_t& least, std::size_t& most) {
        take("{");
        if (!read_count(least)) return false;
        most = least;
        if (take(",")) {
            most = k_endless;
            if (!m_rest.starts_with('}') && !read_count(most)) return false;
        }
        return take("}");
    }

    bool read_count(std::size_t& count) {
        // "{07}" is literal text, no count.
        if (m_rest.size() > 1 && m_rest[0] == '0' && m_rest[1] >= '0' && m_rest[1] <= '9') return false;
        const auto read = std::from_chars(m_rest.data(), m_rest.data() + m_rest.size(), count);
        if (read.ec != std::errc{}) return false;
        m_rest.remove_prefix(static_cast<std::size_t>(read.ptr - m_rest.data()));
        return true;
    }

    std::string_view m_rest;
    std::vector<std::size_t> m_open;  // groups not closed yet
    LinearPattern m_result;
};

std::optional<LinearPattern> LinearPattern::compile(std::string_view pattern) {
    return LinearCompiler(pattern).run();
}

/// Whether what a repetition takes can never be what follows it: then taking all it can is the only way.
bool LinearPattern::is_deterministic() const noexcept {
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        if (m_steps[i].kind != StepKind::repeat || m_steps[i].least == m_steps[i].most) continue;
        for (std::size_t next = i + 1; next < m_steps.size(); ++next) {
            const Step& follower = m_steps[next];
            if (follower.kind == StepKind::literal) {
                if (m_steps[i].characters.contains(static_cast<unsigned char>(follower.text.front()))) return false;
                break;
            }
            if (follower.kind != StepKind::repeat) continue;
            if (m_steps[i].characters.meets(follower.characters)) return false;
            if (follower.least > 0) break;
        }
    }
    return true;
}

LinearPattern::Answer LinearPattern::match(std::string_view text, std::span<std::string_view> groups) const noexcept {
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const char* at = begin;
    std::fill(groups.begin(), groups.end(), std::string_view());
    for (const Step& step : m_steps) {
        switch (step.kind) {
            case StepKind::literal:
                if (!std::string_view(at, static_cast<std::size_t>(end - at)).starts_with(step.text)) {
                    return Answer::no_match;
                }
                at += step.text.size();
                break;
            case StepKind::repeat: {
                const auto left = static_cast<std::size_t>(end - at);
                const char* const most = step.most < left ? at + step.most : end;
                const char* const first = at;
                while (at != most && step.characters.contains(static_cast<unsigned char>(*at)))
                    ++at;
                if (m_wide && at != most && static_cast<unsigned char>(*at) >= 128) return Answer::unsure;
                if (static_cast<std::size_t>(at - first) < step.least) return Answer::no_match;
                break;
            }
            case StepKind::open:
                // Its length is not known yet: only the begin counts until it is closed.
                if (step.group != 0 && step.group < groups.size()) groups[step.group] = {at, 0};
                break;
            case StepKind::close:
                if (step.group != 0 && step.group < groups.size()) {
                    std::string_view& group = groups[step.group];
                    group = {group.data(), static_cast<std::size_t>(at - group.data())};
                }
                break;
        }
    }
    if (m_to_the_end && at != end) return Answer::no_match;
    if (!groups.empty()) groups[0] = {begin, static_cast<std::size_t>(at - begin)};
    return Answer::match;
}

}  // namespace tidemark::policy
