// The flags of one command: declared once, with the variable each fills; read by CLI11 under the rules of `flux`
// (conformance/README.md "Flags and checks"). Values are checked in the order in which they are written.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::mirror::cli {

/// Takes a flag's value; answers why it is refused, or nothing.
using TakeValue = std::function<std::optional<std::string>(const std::string& value)>;

struct Flag {
    std::string name;       // without the dashes
    char shorthand = '\0';  // or '\0'
    std::string type;       // "string", "duration", ...; empty: a boolean, which needs no value
    std::string description;
    TakeValue take;
    bool global = false;  // shown apart in help
    bool hidden = false;  // accepted, not shown
};

/// The variables must outlive the parsing.
class FlagSet {
public:
    /// A name that is there already keeps its first meaning: a command's own flags hide inherited ones.
    void add(Flag flag);

    void text(std::string_view name, std::string& target, std::string_view description, char shorthand = '\0');
    void truth(std::string_view name, bool& target, std::string_view description, char shorthand = '\0');
    void duration(std::string_view name, std::chrono::nanoseconds& target, std::string_view description);
    /// Comma lists, repeatable, read as CSV.
    void list(std::string_view name, std::vector<std::string>& target, std::string_view description);
    /// Repeatable, each value as it stands.
    void texts(std::string_view name, std::vector<std::string>& target, std::string_view description,
               char shorthand = '\0');
    /// One of `choices`.
    void choice(std::string_view name, std::string& target, std::vector<std::string> choices,
                std::string_view description, char shorthand = '\0');

    const std::vector<Flag>& flags() const noexcept { return m_flags; }
    /// By long name, or by shorthand when `name` is one character and no long name fits.
    const Flag* find(std::string_view name) const noexcept;

private:
    std::vector<Flag> m_flags;
};

/// Reads `arguments` (without program and command names): fills the flags' variables and returns what are no
/// flags. Throws Error{usage} for the first bad value, else for the first unknown flag.
std::vector<std::string> parse_flags(const FlagSet& flags, const std::vector<std::string>& arguments);

}  // namespace tidemark::mirror::cli
