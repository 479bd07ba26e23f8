#include "mirror/service/report_memory.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace tidemark::mirror::service {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Whether `text` begins with a unit of what differs from one time to the next, after a blank or not.
bool begins_with_unit(std::string_view text) noexcept {
    if (text.starts_with(' ')) text.remove_prefix(1);
    if (text.starts_with("more ")) text.remove_prefix(5);
    constexpr std::array<std::string_view, 10> k_units = {"milliseconds", "seconds", "minutes", "ms",   "s",
                                                          "min",          "bytes",   "pages",   "tags", "requests"};
    return std::any_of(k_units.begin(), k_units.end(), [&](std::string_view unit) {
        return text.starts_with(unit) &&
               (text.size() == unit.size() || !std::isalnum(static_cast<unsigned char>(text[unit.size()])));
    });
}

void append_comparable(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        if (!is_digit(text[i])) {
            out += text[i++];
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        if (!begins_with_unit(text.substr(end))) out += text.substr(i, end - i);
        i = end;
    }
}

bool is_trouble(Outcome outcome) noexcept {
    return outcome == Outcome::failed || outcome == Outcome::held;
}

}  // namespace

std::string comparable(const ReportLine& line) {
    std::string text;
    append_comparable(text, line.text);
    for (const std::string& detail : line.details) {
        text += '\n';
        append_comparable(text, detail);
    }
    return text;
}

bool ReportMemory::is_news(const ReportLine& line) {
    std::string text = comparable(line);
    const std::string& object = line.object.empty() ? line.subject : line.object;
    if (line.outcome == Outcome::begun) return std::exchange(m_begun[{line.step, object}], text) != text;
    if (line.step == Step::objects) {
        const std::string name = line.subject + "\n" + text;
        m_files_seen.insert(name);
        return m_files.emplace(name, line.outcome).second;
    }
    // What has no subject is about the pass as a whole, and each sentence stands for itself.
    if (line.outcome != Outcome::failed) m_begun.erase({line.step, object});
    const auto [last, is_new] = m_last.try_emplace({line.step, object.empty() ? text : object});
    const Last before = std::exchange(last->second, Last{line.outcome, std::move(text)});
    if (before.outcome == Outcome::failed) --m_failed;
    if (line.outcome == Outcome::failed) ++m_failed;
    switch (line.outcome) {
        case Outcome::begun:
        case Outcome::done:
            return true;
        case Outcome::same:
            if (!is_new && is_trouble(before.outcome)) return true;
            return !line.details.empty() && (is_new || before.text != last->second.text);
        case Outcome::skipped:
            return is_new || before.outcome != Outcome::skipped;
        case Outcome::held:
        case Outcome::failed:
            return is_new || before.outcome != line.outcome || before.text != last->second.text;
    }
    return true;
}

std::vector<ReportLine> ReportMemory::end_pass() {
    std::vector<ReportLine> over;
    for (auto file = m_files.begin(); file != m_files.end();) {
        if (m_files_seen.contains(file->first)) {
            ++file;
            continue;
        }
        const std::size_t split = file->first.find('\n');
        over.push_back({Step::objects,
                        Outcome::done,
                        file->first.substr(0, split),
                        "no longer: " + file->first.substr(split + 1),
                        {}});
        file = m_files.erase(file);
    }
    m_files_seen.clear();
    return over;
}

void ReportMemory::keep_only(const std::set<std::string>& objects) {
    const auto gone = [&](const auto& entry) { return !objects.contains(entry.first.second); };
    std::erase_if(m_last, gone);
    std::erase_if(m_begun, gone);
    m_failed = static_cast<std::size_t>(std::count_if(
        m_last.begin(), m_last.end(), [](const auto& entry) { return entry.second.outcome == Outcome::failed; }));
}

std::size_t ReportMemory::failing() const noexcept {
    const auto files = std::count_if(m_files.begin(), m_files.end(),
                                     [](const auto& entry) { return entry.second == Outcome::failed; });
    return m_failed + static_cast<std::size_t>(files);
}

}  // namespace tidemark::mirror::service
