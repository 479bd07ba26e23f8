#include "hooks/message.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "hooks/advice.h"
#include "hooks/printable.h"
#include "hooks/time_text.h"

namespace tidemark::hooks {
namespace {

using policy::guard::GuardFinding;
using policy::guard::RuleId;
using policy::guard::Verdict;

// Lines wrap badly behind "remote: "; a place and a line of YAML are shorter than this.
constexpr std::size_t k_max_text = 240;
constexpr std::size_t k_max_place = 160;

struct Line {
    std::string text;
    bool for_page = false;
};
using Lines = std::vector<Line>;

std::string plural(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string place_of(const GuardFinding& finding) {
    if (finding.file.empty()) return printable(short_name(finding.reference), k_max_place);
    const std::string file = printable(finding.file, k_max_place);
    return finding.line == 0 ? file : fmt::format("{}:{}", file, finding.line);
}

/// Texts are what the subject does ("lost its marker"), or sentences of their own about the place.
std::string sentence_of(const GuardFinding& finding) {
    const bool own = finding.text.starts_with("the ") || finding.text.starts_with("its ");
    const std::string text = printable(finding.text, k_max_text);
    if (!finding.file.empty()) return fmt::format("{}{} {}", place_of(finding), own ? ":" : "", text);
    const std::string subject = printable(finding.subject, k_max_place);
    return fmt::format("{}: {}{}{}", place_of(finding), subject, subject.empty() ? "" : " ", text);
}

/// The findings that the message is about: the refused ones, else the warnings, else what an override let through.
std::vector<GuardFinding> findings_shown(const Outcome& outcome) {
    const std::vector<GuardFinding>& all = outcome.judgement.findings;
    std::vector<GuardFinding> shown;
    for (const Verdict verdict : {Verdict::refused, Verdict::warned, Verdict::allowed}) {
        if (!shown.empty()) break;
        std::copy_if(all.begin(), all.end(), std::back_inserter(shown),
                     [verdict](const GuardFinding& finding) { return finding.verdict == verdict; });
    }
    return shown;
}

/// Without the indentation that both lines share.
std::pair<std::string_view, std::string_view> without_indent(std::string_view was, std::string_view is) {
    while (!was.empty() && !is.empty() && was.front() == is.front() && (was.front() == ' ' || was.front() == '\t')) {
        was.remove_prefix(1);
        is.remove_prefix(1);
    }
    return {was, is};
}

/// Place and subject, then the lines as they were and are. What the headline says is not said again.
Lines block_of(const GuardFinding& finding, bool only) {
    Lines lines;
    const std::string subject = printable(finding.subject, k_max_text);
    const bool said = only && finding.rule != RuleId::main_into_automation;
    if (!said) {
        lines.push_back({"  " + sentence_of(finding), true});
        if (!finding.file.empty() && !subject.empty()) lines.push_back({"    " + subject});
    } else if (!finding.file.empty() && !subject.empty()) {
        lines.push_back({fmt::format("  {}  {}", place_of(finding), subject), true});
    }
    const auto [was, is] = without_indent(finding.was, finding.is);
    if (!was.empty()) lines.push_back({"    was   " + printable(was, k_max_text)});
    if (!is.empty()) lines.push_back({"    is    " + printable(is, k_max_text)});
    return lines;
}

std::vector<RuleId> rules_of(const std::vector<GuardFinding>& findings) {
    std::vector<RuleId> rules;
    for (const GuardFinding& finding : findings)
        if (std::find(rules.begin(), rules.end(), finding.rule) == rules.end()) rules.push_back(finding.rule);
    return rules;
}

Lines advice_of(const std::vector<GuardFinding>& findings, const GuardedPush& push) {
    Lines lines;
    for (const RuleId rule : rules_of(findings)) {
        const auto first = std::find_if(findings.begin(), findings.end(),
                                        [rule](const GuardFinding& finding) { return finding.rule == rule; });
        for (std::string& line : advice_for(*first, push))
            lines.push_back({"  " + std::move(line), true});
        if (lines.size() >= 6) break;
    }
    return lines;
}

std::string author_of(const GuardedPush& push) {
    std::string text = printable(push.rules_file, k_max_place);
    if (!push.rules->owner.empty()) text += fmt::format(" ({})", printable(push.rules->owner, 60));
    return text;
}

std::string footer_of(const std::vector<GuardFinding>& findings, const GuardedPush& push, const Outcome& outcome) {
    std::string rules;
    const std::vector<RuleId> names = rules_of(findings);
    for (const RuleId rule : names)
        rules += fmt::format("{}{}", rules.empty() ? "" : ", ", to_string(rule));
    return fmt::format("  Rule{} {}, set by {}. {}, {} ms.", names.size() == 1 ? "" : "s", rules, author_of(push),
                       plural(findings.size() + outcome.judgement.findings_left_out, "finding"), outcome.took.count());
}

/// "It is only warned of until ...", for a push that went through.
std::string warning_note(const GuardedPush& push) {
    if (push.rules->warn_until && push.now < *push.rules->warn_until)
        return fmt::format("  The push went through; from {} on it is refused.", to_text(*push.rules->warn_until));
    return "  The push went through: these rules only warn.";
}

std::string headline(const std::vector<GuardFinding>& findings, const GuardedPush& push) {
    const GuardFinding& first = findings.front();
    const std::string_view word = first.verdict == Verdict::refused  ? "refused"
                                  : first.verdict == Verdict::warned ? "warning"
                                                                     : "allowed";
    if (first.rule != RuleId::main_into_automation)
        return fmt::format("tidemark: {}: {}.", word, sentence_of(first));
    const std::string main = printable(main_of(first, push), 60);
    return fmt::format("tidemark: {}: {} may not contain commits of {}; it is rebuilt from {} by itself.", word,
                       place_of(first), main, main);
}

Lines notes_of(const GuardedPush& push, const Outcome& outcome) {
    std::vector<std::string> notes = push.notes;
    notes.insert(notes.end(), outcome.judgement.notes.begin(), outcome.judgement.notes.end());
    Lines lines;
    for (const std::string& note : notes) {
        if (lines.size() == 3) break;
        lines.push_back({fmt::format("tidemark: note: {}.", printable(note, k_max_text)), true});
    }
    return lines;
}

/// As many blocks as fit into `room` lines; the rest is counted.
Lines blocks_of(const std::vector<GuardFinding>& findings, std::size_t left_out, std::size_t room) {
    Lines lines;
    std::size_t shown = 0;
    for (const GuardFinding& finding : findings) {
        const Lines block = block_of(finding, findings.size() == 1);
        const bool last = shown + 1 == findings.size() && left_out == 0;
        if (lines.size() + block.size() + (last ? 0 : 1) > room) break;
        lines.insert(lines.end(), block.begin(), block.end());
        ++shown;
    }
    const std::size_t rest = findings.size() - shown + left_out;
    if (rest > 0) lines.push_back({fmt::format("  ... and {} more", plural(rest, "finding"))});
    return lines;
}

Lines lines_of_judgement(const GuardedPush& push, const Outcome& outcome) {
    Lines lines = notes_of(push, outcome);
    const std::vector<GuardFinding> findings = findings_shown(outcome);
    if (findings.empty()) return lines;
    Lines end;
    if (findings.front().verdict != Verdict::allowed) {
        end.push_back({});
        const Lines advice = advice_of(findings, push);
        end.insert(end.end(), advice.begin(), advice.end());
    }
    if (findings.front().verdict == Verdict::warned) end.push_back({warning_note(push)});
    if (findings.front().verdict == Verdict::allowed)
        end.push_back({fmt::format("  Let through and logged, because: {}",
                                   printable(findings.front().allowed_by, k_max_text))});
    end.push_back({footer_of(findings, push, outcome)});

    lines.insert(lines.begin(), {headline(findings, push), true});
    lines.push_back({});
    const Lines blocks =
        blocks_of(findings, outcome.judgement.findings_left_out, k_max_message_lines - lines.size() - end.size());
    if (blocks.empty()) lines.pop_back();  // the blank line before them
    lines.insert(lines.end(), blocks.begin(), blocks.end());
    lines.insert(lines.end(), end.begin(), end.end());
    return lines;
}

Lines lines_of_failure(const GuardedPush& push, const Outcome& outcome) {
    const std::string branch =
        push.push.updates.empty() ? "this push" : printable(short_name(push.push.updates.front().reference), 80);
    const std::string reason = printable(outcome.failure, k_max_text);
    Lines lines;
    if (outcome.refused) {
        lines.push_back({fmt::format("tidemark: refused: the push to {} could not be judged: {}.", branch, reason), true});
        lines.push_back({});
        lines.push_back({"  Nothing is said against the push itself. Try it in smaller parts, or ask " +
                             (push.rules->owner.empty() ? "the administrators of this Git host"
                                                        : printable(push.rules->owner, 60)) +
                             ".",
                         true});
    } else {
        lines.push_back({fmt::format("tidemark: warning: the push to {} went through unjudged: {}.", branch, reason)});
    }
    lines.push_back({fmt::format("  Rule on-error: {}, set by {}. {} ms.", outcome.refused ? "refuse" : "allow",
                                 author_of(push), outcome.took.count())});
    return lines;
}

}  // namespace

std::string make_message(const GuardedPush& push, const Outcome& outcome, Audience audience) {
    const Lines lines =
        outcome.failure.empty() ? lines_of_judgement(push, outcome) : lines_of_failure(push, outcome);
    std::string text;
    for (const Line& line : lines) {
        if (audience == Audience::gitlab_page && line.for_page && outcome.refused) text += "GL-HOOK-ERR: ";
        text += line.text;
        text += '\n';
    }
    return text;
}

std::string make_rules_warning(const std::string& problem) {
    return fmt::format(
        "tidemark: warning: nothing was checked, the guard's rules cannot be used: {}.\n"
        "  The push went through. Tell the administrators of this Git host; `tidemark hooks verify` shows it too.\n",
        printable(problem, k_max_text));
}

}  // namespace tidemark::hooks
