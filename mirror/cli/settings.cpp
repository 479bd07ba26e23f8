#include "mirror/cli/settings.h"

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "policy/base/duration.h"
#include "policy/yaml/document.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror::cli {
namespace {

namespace yaml = policy::yaml;

constexpr std::size_t k_configuration_limit = std::size_t{1} << 20;
constexpr const char* k_default_configuration = "/etc/tidemark/tidemark.yaml";

std::filesystem::path configuration_path(const GlobalOptions& global, const Environment& environment) {
    if (!global.config.empty()) return global.config;
    if (const std::string_view path = environment.get("TIDEMARK_CONFIG"); !path.empty()) return path;
    std::error_code none;
    return std::filesystem::exists(k_default_configuration, none) ? k_default_configuration : "";
}

std::filesystem::path default_state(const Environment& environment) {
    if (const std::string_view folder = environment.get("XDG_STATE_HOME"); !folder.empty()) {
        return std::filesystem::path(folder) / "tidemark";
    }
    if (const std::string_view home = environment.get("HOME"); !home.empty()) {
        return std::filesystem::path(home) / ".local/state/tidemark";
    }
    return "/var/lib/tidemark";
}

void read_git(yaml::Fields& fields, GitObjects& git) {
    git.url = fields.required_text("url", "ssh://git@git.example/fleet.git").value_or("");
    git.branch = fields.text("branch").value_or(git.branch);
    git.path = fields.text("path").value_or("");
    if (const yaml::Node* node = fields.find("interval")) {
        const auto text = yaml::read_text(*node, fields.path("interval"), fields.report());
        const auto interval = policy::parse_duration(text.value_or("1m"));
        if (interval) {
            git.interval = *interval;
        } else {
            fields.report().error(*node, interval.message());
        }
    }
    if (auto reference = fields.mapping("secretRef")) {
        policy::ObjectKey key;
        key.object_namespace = reference->text("namespace").value_or("default");
        key.name = reference->required_text("name").value_or("");
        git.secret_ref = key;
        reference->finish();
    }
    fields.finish();
}

ObjectSource read_source(const yaml::Node& node, const yaml::Fields& parent, const std::filesystem::path& base) {
    ObjectSource source;
    yaml::Fields fields(node, "objects", parent.report(), &parent);
    if (const auto folder = fields.text("directory")) source.path = base / *folder;
    if (auto git = fields.mapping("git")) {
        source.git.emplace();
        read_git(*git, *source.git);
    }
    if (source.path.empty() == !source.git.has_value()) {
        fields.report().error(node, "an entry of objects holds either directory or git");
    }
    fields.finish();
    return source;
}

/// Relative paths in the file are relative to the file.
void read_fields(const yaml::Node& root, yaml::Report& report, const std::filesystem::path& base, Settings& settings) {
    yaml::Fields fields(root, "", report);
    if (const auto state = fields.text("state")) settings.state = base / *state;
    if (const auto secrets = fields.text("secrets")) settings.secrets = base / *secrets;
    for (const yaml::Node* entry : fields.list("objects"))
        settings.objects.push_back(read_source(*entry, fields, base));
    fields.finish();
}

void read_configuration(const std::filesystem::path& path, Settings& settings) {
    const std::string bytes = read_file(path, k_configuration_limit);
    const yaml::Places places(path.string(), bytes);
    policy::Findings findings;
    yaml::Report report(places, findings, "");
    yaml::DocumentReader reader(bytes);
    if (const auto read = reader.next()) {
        if (const auto* error = std::get_if<yaml::YamlError>(&*read)) {
            throw Error(ErrorKind::invalid,
                        fmt::format("reading {}: line {}: {}", path.string(), error->mark.line + 1, error->message));
        }
        const auto& document = std::get<yaml::Document>(*read);
        if (!yaml::is_null(document.root())) read_fields(document.root(), report, path.parent_path(), settings);
    }
    if (!policy::has_errors(findings)) return;
    std::string text = "the configuration has mistakes:";
    for (const policy::Finding& finding : findings)
        text += "\n  " + policy::to_string(finding);
    throw Error(ErrorKind::invalid, text);
}

}  // namespace

Settings read_settings(const GlobalOptions& global, const Environment& environment) {
    Settings settings;
    settings.file = configuration_path(global, environment);
    if (!settings.file.empty()) read_configuration(settings.file, settings);
    if (!global.objects.empty()) {
        settings.objects.clear();
        for (const std::string& path : global.objects)
            settings.objects.push_back({path, std::nullopt});
    }
    if (!global.secrets.empty()) settings.secrets = global.secrets;
    if (!global.state.empty()) settings.state = global.state;
    if (settings.state.empty()) settings.state = default_state(environment);
    return settings;
}

}  // namespace tidemark::mirror::cli
