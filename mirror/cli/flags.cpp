#include "mirror/cli/flags.h"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/csv.h"
#include "policy/base/duration.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::string_view k_terminator = "--";

std::string in_quotes(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string label_of(const Flag& flag) {
    return flag.shorthand == '\0' ? "--" + flag.name : fmt::format("-{}, --{}", flag.shorthand, flag.name);
}

std::optional<std::string> read_truth(const std::string& text, bool& target) {
    constexpr std::array<std::string_view, 6> k_true = {"1", "t", "T", "TRUE", "true", "True"};
    constexpr std::array<std::string_view, 6> k_false = {"0", "f", "F", "FALSE", "false", "False"};
    if (std::find(k_true.begin(), k_true.end(), text) != k_true.end()) {
        target = true;
    } else if (std::find(k_false.begin(), k_false.end(), text) != k_false.end()) {
        target = false;
    } else {
        return fmt::format("strconv.ParseBool: parsing {}: invalid syntax", in_quotes(text));
    }
    return std::nullopt;
}

void take(const Flag& flag, const std::string& value) {
    if (const auto refusal = flag.take(value)) {
        throw Error(ErrorKind::usage, fmt::format("invalid argument {} for {} flag: {}", in_quotes(value),
                                                  in_quotes(label_of(flag)), *refusal));
    }
}

/// CLI11 reads `--flag=` as a flag without a value. Given as two arguments the value is the empty text.
std::vector<std::string> with_empty_values_apart(const FlagSet& flags, const std::vector<std::string>& arguments) {
    std::vector<std::string> result;
    for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
        if (*argument == k_terminator) {
            result.insert(result.end(), argument, arguments.end());
            break;
        }
        const bool empty_value = argument->starts_with(k_terminator) && argument->find('=') == argument->size() - 1;
        const Flag* flag =
            empty_value ? flags.find(std::string_view(*argument).substr(2, argument->size() - 3)) : nullptr;
        if (!flag) {
            result.push_back(*argument);
        } else if (flag->type.empty()) {
            take(*flag, "");
        } else {
            result.push_back("--" + flag->name);
            result.emplace_back();
        }
    }
    return result;
}

void declare(CLI::App& app, const Flag& flag) {
    std::string names = "--" + flag.name;
    if (flag.shorthand != '\0') names = fmt::format("-{},{}", flag.shorthand, names);
    CLI::Option* option = app.add_option(names, [&flag](const CLI::results_t& values) {
        take(flag, values.back());
        return true;
    });
    // At once and not at the end, so that the first bad value in the order of writing is the one reported.
    option->trigger_on_parse()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    if (flag.type.empty()) {
        option->type_size(0)->expected(0);
    } else {
        option->type_size(1)->expected(1);
    }
}

[[noreturn]] void refuse_unknown(const std::string& argument) {
    if (argument.starts_with("--")) {
        throw Error(ErrorKind::usage, "unknown flag: " + argument.substr(0, argument.find('=')));
    }
    throw Error(ErrorKind::usage, fmt::format("unknown shorthand flag: '{}' in {}", argument[1], argument));
}

/// The flag that the last argument names although its value is missing.
std::string missing_value(const std::string& last, const FlagSet& flags) {
    if (last.starts_with("--")) return "flag needs an argument: " + last;
    const Flag* flag = last.size() > 1 ? flags.find(last.substr(last.size() - 1)) : nullptr;
    return fmt::format("flag needs an argument: '{}' in {}", flag ? flag->shorthand : '?', last);
}

}  // namespace

void FlagSet::add(Flag flag) {
    const auto same_name = [&flag](const Flag& other) { return other.name == flag.name; };
    if (std::any_of(m_flags.begin(), m_flags.end(), same_name)) return;
    const auto same_letter = [&flag](const Flag& other) { return other.shorthand == flag.shorthand; };
    if (std::any_of(m_flags.begin(), m_flags.end(), same_letter)) flag.shorthand = '\0';
    m_flags.push_back(std::move(flag));
}

void FlagSet::text(std::string_view name, std::string& target, std::string_view description, char shorthand) {
    add({std::string(name), shorthand, "string", std::string(description), [&target](const std::string& value) {
             target = value;
             return std::optional<std::string>();
         }});
}

void FlagSet::truth(std::string_view name, bool& target, std::string_view description, char shorthand) {
    add({std::string(name), shorthand, "", std::string(description),
         [&target](const std::string& value) { return read_truth(value, target); }});
}

void FlagSet::duration(std::string_view name, std::chrono::nanoseconds& target, std::string_view description) {
    add({std::string(name), '\0', "duration", std::string(description),
         [&target](const std::string& value) -> std::optional<std::string> {
             const auto duration = policy::parse_duration(value);
             if (!duration) return duration.message();
             target = *duration;
             return std::nullopt;
         }});
}

void FlagSet::list(std::string_view name, std::vector<std::string>& target, std::string_view description) {
    add({std::string(name), '\0', "strings", std::string(description),
         [&target](const std::string& value) -> std::optional<std::string> {
             auto fields = parse_csv_line(value);
             if (!fields) return fields.message();
             for (std::string& field : *fields)
                 target.push_back(std::move(field));
             return std::nullopt;
         }});
}

void FlagSet::texts(std::string_view name, std::vector<std::string>& target, std::string_view description,
                    char shorthand) {
    add({std::string(name), shorthand, "string", std::string(description) + " (repeatable)",
         [&target](const std::string& value) {
             target.push_back(value);
             return std::optional<std::string>();
         }});
}

void FlagSet::choice(std::string_view name, std::string& target, std::vector<std::string> choices,
                     std::string_view description, char shorthand) {
    std::string joined = fmt::format("{}", fmt::join(choices, "|"));
    add({std::string(name), shorthand, joined, std::string(description),
         [&target, joined, choices](const std::string& value) -> std::optional<std::string> {
             if (std::find(choices.begin(), choices.end(), value) == choices.end()) return "must be one of: " + joined;
             target = value;
             return std::nullopt;
         }});
}

const Flag* FlagSet::find(std::string_view name) const noexcept {
    for (const Flag& flag : m_flags) {
        if (flag.name == name) return &flag;
    }
    for (const Flag& flag : m_flags) {
        if (name.size() == 1 && flag.shorthand == name.front()) return &flag;
    }
    return nullptr;
}

std::vector<std::string> parse_flags(const FlagSet& flags, const std::vector<std::string>& arguments) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    for (const Flag& flag : flags.flags())
        declare(app, flag);
    std::vector<std::string> words;
    app.add_option("arguments", words)->allow_extra_args();

    std::vector<std::string> reversed = with_empty_values_apart(flags, arguments);
    std::reverse(reversed.begin(), reversed.end());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ArgumentMismatch&) {
        throw Error(ErrorKind::usage, missing_value(arguments.back(), flags));
    } catch (const CLI::ParseError& error) {
        throw Error(ErrorKind::usage, error.what());
    }
    for (const std::string& rest : app.remaining()) {
        if (rest != k_terminator) refuse_unknown(rest);
    }
    return words;
}

}  // namespace tidemark::mirror::cli
