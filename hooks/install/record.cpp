#include "hooks/install/record.h"

#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "policy/yaml/emitter.h"
#include "policy/yaml/fields.h"

namespace tidemark::hooks {

namespace fs = std::filesystem;
using mirror::Error;
using mirror::ErrorKind;
using policy::yaml::Fields;
using policy::yaml::Value;

namespace {

constexpr std::size_t k_record_limit = 1 << 20;
constexpr std::string_view k_head = "# Written by \"tidemark hooks install\"; verify, list and remove read it.\n";

Value value_of(const Installation& installation) {
    const HostWish& wish = installation.wish;
    Value value;
    if (wish.host) value.set("host", to_string(*wish.host));
    if (!wish.repositories.empty())
        value.set("repositories", Value(Value::Sequence(wish.repositories.begin(), wish.repositories.end())));
    value.set_text("customHooksDir", wish.custom_hooks_dir).set_text("gitalyConfig", wish.gitaly_config);
    if (wish.per_repository) value.set("perRepository", true);
    value.set("hook", installation.program.program).set("rules", installation.program.rules);
    if (installation.notify) value.set("notify", true);
    return value;
}

std::string text_of(Fields& fields, std::string_view key) {
    return std::string(fields.text(key).value_or(std::string_view()));
}

Installation read_installation(Fields& fields) {
    Installation installation;
    HostWish& wish = installation.wish;
    if (const auto host = fields.word("host", {"gitea", "forgejo", "gitlab", "gitolite", "git"}))
        wish.host = find_host(*host);
    for (const policy::yaml::Node* node : fields.list("repositories"))
        wish.repositories.push_back(node->value);
    wish.custom_hooks_dir = text_of(fields, "customHooksDir");
    wish.gitaly_config = text_of(fields, "gitalyConfig");
    wish.per_repository = fields.boolean("perRepository");
    installation.program.program = text_of(fields, "hook");
    installation.program.rules = text_of(fields, "rules");
    installation.notify = fields.boolean("notify");
    fields.finish();
    return installation;
}

bool was_edited_since(const fs::path& record, const fs::path& rules) {
    std::error_code error;
    return fs::last_write_time(rules, error) > fs::last_write_time(record, error);
}

}  // namespace

fs::path record_file(const fs::path& rules) {
    return rules.parent_path() / fmt::format("{}.installed.yaml", rules.stem().string());
}

Record read_record(const fs::path& rules) {
    const fs::path file = record_file(rules);
    std::error_code error;
    if (!fs::exists(file, error)) return {};
    const std::string text = mirror::read_file(file, k_record_limit);
    policy::yaml::DocumentReader reader(text);
    auto document = reader.next();
    policy::Findings findings;
    Record record;
    if (document && std::holds_alternative<policy::yaml::Document>(*document)) {
        const policy::yaml::Places places(file.string(), text);
        policy::yaml::Report report(places, findings, {});
        Fields root(std::get<policy::yaml::Document>(*document).root(), {}, report);
        record.made_rules = root.boolean("madeRules") && !was_edited_since(file, rules);
        for (const policy::yaml::Node* node : root.list("installations")) {
            Fields fields(*node, "installations[]", report, &root);
            record.installations.push_back(read_installation(fields));
        }
        root.finish();
        if (!policy::has_errors(findings)) return record;
    }
    throw Error(ErrorKind::invalid,
                fmt::format("{} cannot be read{}; it only records what was installed: delete it and install again",
                            file.string(), findings.empty() ? "" : ": " + to_string(findings.front())));
}

std::string format_record(const Record& record) {
    Value::Sequence list;
    for (const Installation& installation : record.installations)
        list.push_back(value_of(installation));
    Value root;
    root.set("installations", Value(std::move(list)));
    if (record.made_rules) root.set("madeRules", true);
    const auto text = policy::yaml::emit(root);
    if (!text) throw Error(ErrorKind::invalid, fmt::format("recording what is installed: {}", text.message()));
    return std::string(k_head) + *text;
}

void write_record(const fs::path& rules, const Record& record) {
    const fs::path file = record_file(rules);
    if (record.installations.empty()) {
        fs::remove(file);
        return;
    }
    mirror::create_folder(file.parent_path(), 0755);
    mirror::AtomicFile draft(file, 0644);
    draft.write(format_record(record));
    draft.commit();
}

}  // namespace tidemark::hooks
