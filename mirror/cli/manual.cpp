#include "mirror/cli/manual.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "hooks/help.h"
#include "mirror/cli/global_flags.h"
#include "mirror/cli/help.h"
#include "mirror/cli/resolve.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::string_view k_see_also =
    ".SH SEE ALSO\n.BR tidemark (1),\n.BR tidemark\\-hook (1),\n.BR tidemark.yaml (5)\n";

/// A line of text as roff: nothing in it is a request or an escape, and dashes can be copied.
std::string escaped(std::string_view line) {
    std::string text;
    if (line.starts_with('.') || line.starts_with('\'')) text = "\\&";
    for (const char c : line) {
        if (c == '\\') {
            text += "\\e";
        } else if (c == '-') {
            text += "\\-";
        } else {
            text += c;
        }
    }
    return text;
}

bool is_indented(std::string_view line) noexcept {
    return line.starts_with("  ");
}

/// "Usage:", "Flags of every command:": a section of its own.
bool is_title(std::string_view line) noexcept {
    return line.size() > 1 && line.size() < 40 && line.ends_with(':') &&
           std::isupper(static_cast<unsigned char>(line.front()));
}

std::string capitals(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

/// Help text as roff: paragraphs are filled, what is indented stays as it is (examples, tables of flags), and a line
/// that ends with a colon and stands alone begins a section `level` (".SH" or ".SS").
class Writer {
public:
    explicit Writer(std::string_view level) : m_level(level) {}

    std::string write(std::string_view help) {
        while (!help.empty()) {
            const std::size_t end = std::min(help.find('\n'), help.size());
            take(help.substr(0, end));
            help.remove_prefix(std::min(end + 1, help.size()));
        }
        leave_literal();
        return std::move(m_text);
    }

private:
    void take(std::string_view line) {
        if (line.empty()) {
            m_gap = true;
        } else if (is_indented(line)) {
            if (!m_literal) m_text += m_gap ? ".PP\n.nf\n" : ".nf\n";
            if (m_literal && m_gap) m_text += '\n';
            m_literal = true;
            m_gap = false;
            m_text += escaped(line) + '\n';
        } else if (m_gap && is_title(line)) {
            leave_literal();
            line.remove_suffix(1);
            m_text += fmt::format("{} {}\n", m_level, m_level == ".SH" ? capitals(line) : std::string(line));
            m_gap = false;
        } else {
            leave_literal();
            if (m_gap) m_text += ".PP\n";
            m_gap = false;
            m_text += escaped(line) + '\n';
        }
    }
    void leave_literal() {
        if (m_literal) m_text += ".fi\n";
        m_literal = false;
    }

    std::string_view m_level;
    std::string m_text;
    bool m_literal = false;
    bool m_gap = false;
};

std::string head(std::string_view name, char section, std::string_view summary) {
    return fmt::format(".TH {} {} \"\" \"tidemark {}\"\n.SH NAME\n{} \\- {}\n", escaped(capitals(name)), section,
                       TIDEMARK_VERSION, escaped(name), escaped(summary));
}

const Command* command_at(std::string_view path) noexcept {
    const auto found = std::find_if(commands().begin(), commands().end(),
                                    [path](const Command& command) { return command.path == path; });
    return found == commands().end() ? nullptr : &*found;
}

/// Flags that every command takes stand on the page of the program alone.
std::string help_at(std::string_view path, bool with_global_flags) {
    FlagSet flags;
    const Command* const command = command_at(path);
    // What the flags fill must outlive the printing.
    const Run keep = command ? command->prepare(flags) : Run();
    GlobalOptions global;
    Asked asked;
    if (with_global_flags) add_global_flags(flags, global, asked);
    return command ? help_of_command(*command, flags) : help_of_group(path, flags);
}

std::string program_page() {
    return head("tidemark", '1', "keep image tags in Git manifests current") + ".SH DESCRIPTION\n" +
           Writer(".SH").write(help_at("", true)) +
           ".SH FILES\n.TP\n.I /etc/tidemark/tidemark.yaml\nthe configuration, see\n.BR tidemark.yaml (5)\n"
           ".TP\n.I /etc/tidemark/objects\nthe objects, unless the configuration names other places\n"
           ".TP\n.I /var/lib/tidemark\nthe service's state\n" +
           std::string(k_see_also);
}

/// A command as a page of its own, or a group with a section for each of its commands.
std::string page_of(std::string_view word) {
    const std::string name = fmt::format("tidemark-{}", word);
    const Command* const alone = command_at(word);
    std::string text;
    if (alone) {
        text = head(name, '1', alone->summary) + ".SH DESCRIPTION\n" + Writer(".SH").write(help_at(word, false));
    } else {
        text = head(name, '1', fmt::format("the commands of \"tidemark {}\"", word)) + ".SH DESCRIPTION\n" +
               Writer(".SH").write(help_at(word, false));
    }
    const std::string prefix = std::string(word) + ' ';
    for (const Command& command : commands()) {
        if (!command.path.starts_with(prefix)) continue;
        text += fmt::format(".SH TIDEMARK {}\n", escaped(capitals(command.path)));
        text += Writer(".SS").write(help_at(command.path, false));
    }
    return text + std::string(k_see_also);
}

std::string hook_page() {
    std::string text = head("tidemark-hook", '1', "judge a push inside a Git host's hook") + ".SH DESCRIPTION\n" +
                       Writer(".SH").write(hooks::help_of_program());
    text += ".SH PRE\\-RECEIVE\n" + Writer(".SS").write(hooks::help_of_pre_receive());
    text += ".SH POST\\-RECEIVE\n" + Writer(".SS").write(hooks::help_of_post_receive());
    text += ".SH CHECK\n" + Writer(".SS").write(hooks::help_of_check());
    return text + ".SH FILES\n.TP\n.I /etc/tidemark/hook.yaml\nthe rules\n" + std::string(k_see_also);
}

std::string configuration_page(std::string_view configuration) {
    std::string text = head("tidemark.yaml", '5', "configuration of tidemark") +
                       ".SH DESCRIPTION\nThe file as it is installed; every key is in it.\n.PP\n.nf\n";
    while (!configuration.empty()) {
        const std::size_t end = std::min(configuration.find('\n'), configuration.size());
        text += escaped(configuration.substr(0, end)) + '\n';
        configuration.remove_prefix(std::min(end + 1, configuration.size()));
    }
    return text + ".fi\n" + std::string(k_see_also);
}

}  // namespace

std::map<std::string, std::string> manual_pages(std::string_view configuration) {
    std::map<std::string, std::string> pages;
    pages["man1/tidemark.1"] = program_page();
    for (const std::string_view word : words_below(""))
        pages[fmt::format("man1/tidemark-{}.1", word)] = page_of(word);
    pages["man1/tidemark-hook.1"] = hook_page();
    pages["man5/tidemark.yaml.5"] = configuration_page(configuration);
    return pages;
}

}  // namespace tidemark::mirror::cli
