#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "policy/base/duration.h"
#include "policy/guard/rules.h"
#include "policy/guard/tree_path.h"
#include "policy/yaml/fields.h"

namespace tidemark::policy::guard {
namespace {

using yaml::Fields;
using yaml::Node;

constexpr std::chrono::milliseconds k_max_deadline = std::chrono::minutes(10);
constexpr std::size_t k_max_text = 4096;

/// A number with KiB, MiB or GiB, or without a unit.
std::optional<std::size_t> parse_count(std::string_view text, bool bytes) {
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count == 0 || count > (std::size_t{1} << 40)) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.empty()) return count;
    constexpr std::array k_units{std::string_view("KiB"), std::string_view("MiB"), std::string_view("GiB")};
    const auto* const found = std::find(k_units.begin(), k_units.end(), unit);
    if (!bytes || found == k_units.end() || count > (std::size_t{1} << 20)) return std::nullopt;
    return count << (10 * static_cast<std::size_t>(found - k_units.begin() + 1));
}

/// "2026-11-28T00:00:00Z", or the day alone for its first second.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
    constexpr std::string_view k_shape = "0000-00-00T00:00:00Z";
    if (text.size() != k_shape.size() && text.size() != 10) return std::nullopt;
    std::array<int, 6> numbers{1970, 1, 1, 0, 0, 0};
    for (std::size_t i = 0, number = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (k_shape[i] == '0' ? !digit : text[i] != k_shape[i]) return std::nullopt;
        if (!digit) {
            ++number;
        } else {
            const bool first = i == 0 || k_shape[i - 1] != '0';
            numbers[number] = (first ? 0 : numbers[number] * 10) + (text[i] - '0');
        }
    }
    const std::chrono::year_month_day day{std::chrono::year(numbers[0]),
                                          std::chrono::month(static_cast<unsigned>(numbers[1])),
                                          std::chrono::day(static_cast<unsigned>(numbers[2]))};
    if (!day.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59) return std::nullopt;
    return std::chrono::sys_days(day) + std::chrono::hours(numbers[3]) + std::chrono::minutes(numbers[4]) +
           std::chrono::seconds(numbers[5]);
}

/// One reading of the file: the fields go straight into the rules.
class RulesReader {
public:
    explicit RulesReader(HookRules& rules) : m_rules(rules) {}

    void read(Fields& root) {
        m_rules.log = place_of(root, "log", "syslog");
        m_rules.socket = place_of(root, "socket", {});
        read_deadline(root);
        if (auto limits = root.mapping("limits")) read_limits(*limits);
        for (const Node* item : items_of(root, "repositories")) {
            Fields repository(*item, "repositories[]", root.report(), &root);
            m_rules.repositories.push_back(read_repository(repository));
        }
        root.finish();
    }

private:
    /// An absolute path, or the word that may stand in its place.
    static std::string place_of(Fields& fields, std::string_view key, std::string_view word) {
        const auto text = fields.text(key);
        if (!text) return {};
        if ((!word.empty() && *text == word) || (text->substr(0, 1) == "/" && is_printable(*text)))
            return std::string(*text);
        fields.report().error(*fields.node().find(key), fmt::format("{} must be an absolute path{}{}", fields.path(key),
                                                                    word.empty() ? "" : " or ", word));
        return {};
    }

    static bool is_printable(std::string_view text) noexcept {
        return text.size() <= k_max_text && std::none_of(text.begin(), text.end(), [](char c) {
                   return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
               });
    }

    static const std::vector<const Node*>& items_of(Fields& fields, std::string_view key) {
        static const std::vector<const Node*> k_none;
        const std::vector<const Node*>& items = fields.list(key);
        if (items.size() <= k_max_entries) return items;
        fields.report().error(*fields.node().find(key), fmt::format("{} has {} entries; {} are read", fields.path(key),
                                                                    items.size(), k_max_entries));
        return k_none;
    }

    /// A list of texts; one text may stand without the list.
    static std::vector<std::string> texts_of(Fields& fields, std::string_view key) {
        std::vector<std::string> texts;
        const auto take = [&](const Node& node) {
            const auto text = yaml::read_text(node, fields.path(key), fields.report());
            if (!text) return;
            if (text->empty() || !is_printable(*text)) {
                fields.report().error(
                    node, fmt::format("{} has an entry that is empty, too long or not printable", fields.path(key)));
                return;
            }
            texts.emplace_back(*text);
        };
        const Node* value = fields.find(key);
        if (value && value->is_scalar()) {
            take(*value);
            return texts;
        }
        for (const Node* item : items_of(fields, key))
            take(*item);
        return texts;
    }

    void read_deadline(Fields& root) {
        const auto text = root.text("deadline");
        if (!text) return;
        const Node& node = *root.node().find("deadline");
        const auto duration = parse_duration(*text);
        if (!duration) {
            root.report().error(node, fmt::format("deadline: {}", duration.message()), "e.g. deadline: 4s");
            return;
        }
        const auto deadline = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
        if (deadline < std::chrono::milliseconds(1) || deadline > k_max_deadline) {
            root.report().error(node, "deadline must lie between 1ms and 10m");
            return;
        }
        m_rules.limits.deadline = deadline;
    }

    void read_limits(Fields& limits) {
        const auto read = [&](std::string_view key, std::size_t& limit) {
            const Node* node = limits.find(key);
            if (!node) return;
            const bool bytes = key == "bytes";
            if (const auto count = node->is_scalar() ? parse_count(node->value, bytes) : std::nullopt) {
                limit = *count;
                return;
            }
            limits.report().error(*node, fmt::format("{} must be a number above 0{}", limits.path(key),
                                                     bytes ? ", with or without KiB, MiB or GiB" : ""));
        };
        read("files", m_rules.limits.files);
        read("bytes", m_rules.limits.bytes);
        read("commits", m_rules.limits.commits);
        limits.finish();
    }

    static RepositoryRules read_repository(Fields& fields) {
        RepositoryRules repository;
        if (fields.require("repository", "[acme/fleet, /srv/git/fleet.git]"))
            repository.repositories = texts_of(fields, "repository");
        if (const auto owner = fields.text("owner")) repository.owner = *owner;
        if (fields.word("on-error", {"refuse", "allow"}) == "allow") repository.on_error = OnError::allow;
        if (const Node* until = fields.find("warn-until")) {
            repository.warn_until = until->is_scalar() ? parse_time(until->value) : std::nullopt;
            if (!repository.warn_until)
                fields.report().error(*until, fmt::format("{} is no time", fields.path("warn-until")),
                                      "e.g. warn-until: 2026-11-28T00:00:00Z");
        }
        fields.require("branches", "[{branch: main}]");
        for (const Node* item : items_of(fields, "branches")) {
            Fields branch(*item, "branches[]", fields.report(), &fields);
            repository.branches.push_back(read_branch(branch));
        }
        if (auto overrides = fields.mapping("overrides")) {
            for (const RuleId rule : k_rules) {
                if (std::vector<std::string> names = texts_of(*overrides, to_string(rule)); !names.empty())
                    repository.overrides[rule] = std::move(names);
            }
            overrides->finish();
        }
        fields.finish();
        return repository;
    }

    static BranchRules read_branch(Fields& fields) {
        BranchRules branch;
        branch.modes = default_modes();
        branch.pattern = short_name(fields, "branch", fields.required_text("branch", "main"));
        branch.automation_of = short_name(fields, "automation-of", fields.text("automation-of"));
        branch.paths = texts_of(fields, "paths");
        branch.pushers = texts_of(fields, "pushers");
        if (auto modes = fields.mapping("rules")) read_modes(*modes, branch);
        check_branch(fields, branch);
        fields.finish();
        return branch;
    }

    static std::string short_name(Fields& fields, std::string_view key, std::optional<std::string_view> text) {
        if (!text) return {};
        if (text->substr(0, 5) == "refs/" || !is_printable(*text)) {
            fields.report().error(*fields.node().find(key),
                                  fmt::format("{} is a branch's short name, without refs/heads/", fields.path(key)));
            return {};
        }
        return std::string(*text);
    }

    /// `off` without quotes is a boolean in YAML, so the words are taken as written.
    static void read_modes(Fields& fields, BranchRules& branch) {
        for (const RuleId rule : k_rules) {
            const Node* node = fields.find(to_string(rule));
            if (!node) continue;
            bool known = false;
            for (const RuleMode mode : {RuleMode::off, RuleMode::warn, RuleMode::enforce}) {
                if (!node->is_scalar() || node->value != to_string(mode)) continue;
                branch.modes[rule] = mode;
                known = true;
            }
            if (!known) {
                fields.report().error(*node,
                                      fmt::format("{} must be off, warn or enforce", fields.path(to_string(rule))));
            } else if (is_automation_rule(rule) && branch.automation_of.empty() &&
                       branch.modes[rule] != RuleMode::off) {
                fields.report().error(*node,
                                      fmt::format("{} needs automation-of: it says nothing about other branches",
                                                  fields.path(to_string(rule))),
                                      "e.g. automation-of: main");
            }
        }
        fields.finish();
    }

    static void check_branch(Fields& fields, const BranchRules& branch) {
        const auto refuse = [&](std::string_view key, std::string message) {
            if (const Node* node = fields.node().find(key)) fields.report().error(*node, std::move(message));
        };
        for (const std::string& path : branch.paths) {
            if (!normalise_tree_path(path))
                refuse("paths",
                       fmt::format("{}: {} does not lie below the repository's root", fields.path("paths"), path));
        }
        const bool automation = !branch.automation_of.empty();
        if (automation && branch.automation_of == branch.pattern)
            refuse("automation-of", fmt::format("{} names the branch itself", fields.path("automation-of")));
        if (!automation && !branch.paths.empty())
            refuse("paths", fmt::format("{} needs automation-of", fields.path("paths")));
        if (!automation && !branch.pushers.empty())
            refuse("pushers", fmt::format("{} needs automation-of", fields.path("pushers")));
        if (mode_of(branch, RuleId::automation_pusher) != RuleMode::off && branch.pushers.empty())
            refuse("rules", fmt::format("{}: automation-pusher needs pushers, or nobody could write the branch",
                                        fields.path("rules")));
    }

    HookRules& m_rules;
};

}  // namespace

RulesReading read_rules(std::string_view yaml, const std::string& file) {
    RulesReading reading;
    const yaml::Places places(file, yaml);
    yaml::Report report(places, reading.findings, "");
    yaml::DocumentLimits limits;
    limits.bytes = k_max_rules_bytes;
    yaml::DocumentReader reader(yaml, limits);
    bool found = false;
    while (auto answer = reader.next()) {
        if (const auto* error = std::get_if<yaml::YamlError>(&*answer)) {
            reading.findings.push_back({Severity::error, places.place(error->mark), "",
                                        fmt::format("not readable as YAML: {}", error->message), ""});
            return reading;
        }
        const Node& root = std::get<yaml::Document>(*answer).root();
        if (yaml::is_null(root)) continue;
        if (found) {
            report.error(root, "the rules are one document, this is a second one");
            return reading;
        }
        found = true;
        Fields fields(root, "", report);
        RulesReader(reading.rules).read(fields);
    }
    return reading;
}

}  // namespace tidemark::policy::guard
