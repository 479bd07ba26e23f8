#include "policy/guard/file_pair.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "policy/guard/judge.h"
#include "policy/guard/marker_lines.h"
#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

constexpr std::size_t k_max_shown = 300;

std::string clipped(std::string_view text) {
    return text.size() <= k_max_shown ? std::string(text) : std::string(text.substr(0, k_max_shown)) + "...";
}

/// The lines of a file by number. Only every k_step-th is remembered: files of a few bytes a line are hostile.
class LineTexts {
public:
    explicit LineTexts(std::string_view bytes) : m_bytes(bytes) {}

    std::string text(std::size_t line) {
        if (m_starts.empty()) measure();
        if (line == 0 || (line - 1) / k_step >= m_starts.size()) return {};
        std::size_t at = m_starts[(line - 1) / k_step];
        for (std::size_t left = (line - 1) % k_step; left > 0; --left) {
            at = m_bytes.find('\n', at);
            if (at++ == std::string_view::npos) return {};
        }
        std::string_view text = m_bytes.substr(at);
        text = text.substr(0, text.find('\n'));
        if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
        return clipped(text);
    }

private:
    static constexpr std::size_t k_step = 64;

    void measure() {
        m_starts.push_back(0);
        std::size_t line = 0;
        for (std::size_t end = m_bytes.find('\n'); end != std::string_view::npos; end = m_bytes.find('\n', end + 1))
            if (++line % k_step == 0) m_starts.push_back(end + 1);
    }

    std::string_view m_bytes;
    std::vector<std::size_t> m_starts;
};

RuleId rule_of(const FieldLoss& loss) noexcept {
    return loss.removed ? RuleId::marker_removed : RuleId::marker_changed;
}

void describe_loss(const Occurrence& before, const Occurrence& after, std::string_view subject,
                   MarkerFinding& finding) {
    finding.subject = clipped(subject);
    finding.text =
        finding.rule == RuleId::marker_removed
            ? fmt::format("lost its marker for {}, so nothing will update it", clipped(before.setter))
            : fmt::format("its marker names {} now, it named {}", clipped(after.setter), clipped(before.setter));
    finding.setter = clipped(before.setter);
    finding.value = clipped(after.value);
}

MarkerFinding describe_broken(std::size_t line, std::string text, LineTexts& lines) {
    MarkerFinding finding;
    finding.rule = RuleId::marker_broken;
    finding.line = line;
    finding.text = std::move(text);
    finding.is = lines.text(line);
    return finding;
}

std::string describe_problem(const Problem& problem, std::string_view bytes) {
    if (!problem.position) return problem.message;
    return fmt::format("line {}: {}", setters::line_of(bytes, *problem.position), problem.message);
}

/// Markers that cannot work, known by what is wrong and the text from the marker to its line's end.
class LooseMarkers {
public:
    explicit LooseMarkers(std::string_view bytes) : m_lines(bytes) {}

    std::string name(const Finding& finding) {
        const std::string line = m_lines.text(finding.place.line);
        return finding.message + '\n' +
               line.substr(std::min(std::max<std::size_t>(finding.place.column, 1) - 1, line.size()));
    }
    LineTexts& lines() noexcept { return m_lines; }

private:
    LineTexts m_lines;
};

void find_broken(const Manifest* before, const Manifest& after, std::vector<MarkerFinding>& findings) {
    if (after.loose_markers().empty()) return;
    std::map<std::string, std::size_t> known;
    if (before) {
        LooseMarkers old(before->bytes());
        for (const Finding& finding : before->loose_markers())
            ++known[old.name(finding)];
    }
    LooseMarkers loose(after.bytes());
    for (const Finding& finding : after.loose_markers()) {
        std::size_t& left = known[loose.name(finding)];
        if (left > 0) {
            --left;
        } else {
            findings.push_back(
                describe_broken(finding.place.line, "the marker cannot work: " + finding.message, loose.lines()));
        }
    }
}

/// Of each rule no more are kept than are ever shown; the others are only counted.
class Shown {
public:
    bool take(RuleId rule) noexcept { return m_counts[static_cast<std::size_t>(rule)]++ < k_max_findings; }

private:
    std::array<std::size_t, k_rule_count> m_counts{};
};

/// `why` the lines had to do. False if there are too many.
bool compare_lines(std::string_view before, std::string_view after, std::string_view why,
                   std::vector<MarkerFinding>& findings) {
    const MarkerLines lines(before, after);
    if (lines.is_full()) return false;
    LineTexts old_lines(before);
    LineTexts new_lines(after);
    Shown shown;
    lines.for_each_loss([&](const Field& field, const FieldLoss& loss, const std::string& subject) {
        const Occurrence& was = field.before[loss.before];
        const Occurrence& is = field.after[loss.after];
        MarkerFinding finding;
        finding.rule = rule_of(loss);
        finding.line = is.line;
        if (shown.take(finding.rule)) {
            describe_loss(was, is, subject, finding);
            finding.text += fmt::format(" (compared by lines: {})", why);
            finding.was = old_lines.text(was.line);
            finding.is = new_lines.text(is.line);
        }
        findings.push_back(std::move(finding));
    });
    return true;
}

/// False if the files hold too much to be compared this way.
bool compare_fields(const Manifest& before, const Manifest& after, std::vector<MarkerFinding>& findings) {
    FieldTree tree;
    tree.add_marked(Side::before, 0, before);
    tree.add_marked(Side::after, 0, after);
    if (tree.is_full()) return false;
    if (tree.is_complete()) return true;
    tree.add_unmarked(Side::before, 0, before);
    tree.add_unmarked(Side::after, 0, after);
    if (tree.is_full()) return false;
    const auto bytes = [&](Side side, std::size_t) { return side == Side::before ? before.bytes() : after.bytes(); };
    for (DescribedLoss& loss : describe_losses(tree, bytes))
        findings.push_back(std::move(loss.finding));
    return true;
}

/// The lines of fields without a marker, worked out document by document.
class EventLines {
public:
    explicit EventLines(const FileBytes& bytes) : m_bytes(bytes) {}

    void want(const Occurrence& one) {
        if (one.line == 0) m_lines[{one.file, one.document}][one.event] = 0;
    }

    void find() {
        for (auto& [place, lines] : m_lines) {
            const std::string_view bytes = m_bytes(Side::after, place.first);
            const auto spans = setters::split_documents(bytes);
            if (!spans) continue;
            const auto span = std::find_if(spans->begin(), spans->end(),
                                           [at = place.second](const auto& one) { return one.begin == at; });
            if (span == spans->end()) continue;
            std::vector<std::size_t> events;
            for (const auto& [event, line] : lines)
                events.push_back(event);
            std::size_t next = 0;
            const std::vector<std::size_t> found = find_lines(bytes, *span, events);
            for (auto& [event, line] : lines)
                line = found[next++];
        }
    }

    std::size_t line_of(const Occurrence& one) const {
        return one.line > 0 ? one.line : m_lines.at({one.file, one.document}).at(one.event);
    }

private:
    const FileBytes& m_bytes;
    std::map<std::pair<std::size_t, std::size_t>, std::map<std::size_t, std::size_t>> m_lines;
};

class Pair {
public:
    Pair(std::string_view before, std::string_view after, MarkerRules rules)
        : m_before(before),
          m_after(after),
          m_losses(rules != MarkerRules::broken),
          m_broken(rules != MarkerRules::losses) {}

    MarkerComparison run() {
        const bool had = may_hold_markers(m_before);
        const bool has = may_hold_markers(m_after);
        m_losses = m_losses && had;
        m_broken = m_broken && has;
        if (m_before == m_after || (!m_losses && !m_broken)) return {};
        if (m_before.size() > k_max_parsed_bytes || m_after.size() > k_max_parsed_bytes) {
            by_lines("the file is too large to be read as YAML");
        } else {
            by_fields(had);
            forgive_values();
        }
        std::stable_sort(m_findings.begin(), m_findings.end(),
                         [](const MarkerFinding& one, const MarkerFinding& other) { return one.line < other.line; });
        return {std::move(m_findings), m_complete};
    }

private:
    void by_lines(std::string_view why) {
        if (m_losses) m_complete = compare_lines(m_before, m_after, why, m_findings);
    }

    void by_fields(bool had) {
        const auto before = had ? std::optional(Manifest::read(m_before)) : std::nullopt;
        const Result<Manifest> after = Manifest::read(m_after);
        const bool was_readable = !before || before->ok();
        if (!after) {
            const std::string problem = describe_problem(after.problem(), m_after);
            if (m_broken && was_readable) tell_unreadable(after.problem(), problem);
            by_lines(fmt::format("the file is not YAML, {}", problem));
            return;
        }
        if (m_broken) find_broken(before && before->ok() ? &before->value() : nullptr, *after, m_findings);
        if (!m_losses) return;
        if (!was_readable) {
            by_lines(fmt::format("the file was not YAML before, {}", describe_problem(before->problem(), m_before)));
        } else if (!compare_fields(before->value(), *after, m_findings)) {
            by_lines("the file holds too many fields");
        }
    }

    /// Marked values may be the very names that fields are known by: where nothing else changed, nothing was lost.
    void forgive_values() {
        const auto is_loss = [](const MarkerFinding& finding) { return finding.rule != RuleId::marker_broken; };
        if (std::none_of(m_findings.begin(), m_findings.end(), is_loss)) return;
        if (!only_marked_scalars_differ(m_before, m_after)) return;
        m_findings.erase(std::remove_if(m_findings.begin(), m_findings.end(), is_loss), m_findings.end());
    }

    void tell_unreadable(const Problem& problem, const std::string& described) {
        LineTexts lines(m_after);
        const std::size_t line = problem.position ? setters::line_of(m_after, *problem.position) : 0;
        m_findings.push_back(describe_broken(
            line, fmt::format("the file is not YAML, so none of its markers works ({})", described), lines));
    }

    std::string_view m_before;
    std::string_view m_after;
    bool m_losses;
    bool m_broken;
    bool m_complete = true;
    std::vector<MarkerFinding> m_findings;
};

}  // namespace

MarkerComparison compare_manifests(std::string_view before, std::string_view after, MarkerRules rules) {
    return Pair(before, after, rules).run();
}

std::vector<MarkerFinding> check_new_manifest(std::string_view bytes) {
    return Pair({}, bytes, MarkerRules::broken).run().findings;
}

std::vector<DescribedLoss> describe_losses(const FieldTree& tree, const FileBytes& bytes) {
    struct Loss {
        const Occurrence* before;
        const Occurrence* after;
        std::size_t line;
        RuleId rule;
        std::string subject;
    };
    std::vector<Loss> losses;
    EventLines lines(bytes);
    tree.for_each_loss([&](const Field& field, const FieldLoss& loss, const std::string& subject) {
        const Occurrence& after = field.after[loss.after];
        losses.push_back({&field.before[loss.before], &after, 0, rule_of(loss), clipped(subject)});
        lines.want(after);
    });
    lines.find();
    for (Loss& loss : losses)
        loss.line = lines.line_of(*loss.after);
    std::stable_sort(losses.begin(), losses.end(), [](const Loss& one, const Loss& other) {
        return std::tie(one.after->file, one.line) < std::tie(other.after->file, other.line);
    });

    std::map<std::pair<Side, std::size_t>, LineTexts> texts;
    const auto text = [&](Side side, const Occurrence& one, std::size_t line) {
        auto found = texts.find({side, one.file});
        if (found == texts.end())
            found = texts.emplace(std::pair(side, one.file), LineTexts(bytes(side, one.file))).first;
        return found->second.text(line);
    };
    Shown shown;
    std::vector<DescribedLoss> described;
    for (const Loss& loss : losses) {
        DescribedLoss one{{}, loss.before->file, loss.after->file};
        one.finding.rule = loss.rule;
        one.finding.line = loss.line;
        if (shown.take(loss.rule)) {
            describe_loss(*loss.before, *loss.after, loss.subject, one.finding);
            one.finding.was = text(Side::before, *loss.before, loss.before->line);
            one.finding.is = text(Side::after, *loss.after, loss.line);
        }
        described.push_back(std::move(one));
    }
    return described;
}

}  // namespace tidemark::policy::guard
