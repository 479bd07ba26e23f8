#include "mirror/base/configuration.h"

#include <cstdlib>

#include <fmt/format.h>

#include "mirror/base/configuration_paths.h"
#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "policy/objects/field_types.h"
#include "policy/objects/names.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {
namespace {

namespace fs = std::filesystem;
namespace yaml = policy::yaml;

constexpr const char* k_default_file = "/etc/tidemark/tidemark.yaml";
constexpr std::size_t k_file_limit = std::size_t{1} << 20;

// One reading of the file: the fields go straight into the configuration.
class ConfigurationReader {
public:
    ConfigurationReader(Configuration& configuration, const fs::path& file)
        : m_configuration(configuration), m_file(file) {}

    void read(yaml::Fields& root) {
        if (const auto state = path_of(root, "state")) m_configuration.state = *state;
        m_configuration.secrets = path_of(root, "secrets");
        for (const yaml::Node* item : root.list("objects")) {
            yaml::Fields source(*item, "objects[]", root.report(), &root);
            read_source(source);
            source.finish();
        }
        if (const auto log = root.word("log", {"text", "json"}))
            m_configuration.log = *log == "json" ? LogFormat::json : LogFormat::text;
        m_configuration.notifications = read_notifications(root);
        m_configuration.receivers = read_receivers(root);
        m_configuration.registries = read_registries(root);
        m_configuration.forges = read_forges(root);
        m_configuration.web = read_web_settings(root, m_file);
        if (const auto socket = path_of(root, "postReceive")) m_configuration.post_receive = *socket;
        root.finish();
    }

private:
    std::optional<fs::path> path_of(yaml::Fields& fields, std::string_view key) {
        return read_path(fields, key, m_file);
    }

    void read_source(yaml::Fields& source) {
        const auto folder = path_of(source, "directory");
        auto git = source.mapping("git");
        if (folder) m_configuration.object_folders.push_back(*folder);
        if (git) read_git(*git);
        if (source.node().is_mapping() && folder.has_value() == git.has_value())
            source.report().error(source.node(), "an entry of objects needs either directory or git");
    }

    void read_git(yaml::Fields& git) {
        GitObjects objects;
        if (const auto url = git.required_text("url", "ssh://git@git.example/fleet.git")) {
            if (const auto reason = policy::find_git_url_problem(*url)) {
                git.report().error(*git.node().find("url"),
                                   fmt::format("{} cannot be used: {}", git.path("url"), *reason));
            } else {
                objects.url = *url;
            }
        }
        if (const auto branch = git.text("branch"); branch && !branch->empty()) {
            objects.branch = *branch;
            if (const auto reason = policy::find_branch_problem(*branch))
                git.report().error(*git.node().find("branch"),
                                   fmt::format("{} is no branch name: {}", git.path("branch"), *reason));
        }
        objects.path = read_tree_path(git);
        if (const auto interval = policy::read_interval(git, "interval")) objects.interval = *interval;
        if (auto reference = git.mapping("secretRef")) {
            objects.secret_ref = policy::read_reference(*reference, "default");
            reference->finish();
        }
        git.finish();
        m_configuration.object_repositories.push_back(std::move(objects));
    }

    // A path within a repository, without a leading "./" and never out of it.
    static std::string read_tree_path(yaml::Fields& git) {
        const auto text = git.text("path");
        if (!text) return {};
        std::string path = fs::path(*text).lexically_normal().string();
        if (path == ".") return {};
        while (!path.empty() && path.back() == '/')
            path.pop_back();
        if (path.empty() || path.front() == '/' || path == ".." || path.compare(0, 3, "../") == 0) {
            git.report().error(*git.node().find("path"),
                               fmt::format("{} must be a path below the repository's root", git.path("path")));
            return {};
        }
        return path;
    }

    Configuration& m_configuration;
    const fs::path& m_file;
};

[[noreturn]] void throw_findings(const policy::Findings& findings, const fs::path& file) {
    std::string message = fmt::format("configuration {} cannot be used", file.string());
    for (const policy::Finding& finding : findings)
        message.append(1, '\n').append(to_string(finding));
    throw Error(ErrorKind::invalid, message);
}

fs::path default_state(const Environment& environment) {
    const fs::path state_home = environment("XDG_STATE_HOME");
    // The XDG specification wants a relative path ignored.
    if (state_home.is_absolute()) return state_home / "tidemark";
    const fs::path home = environment("HOME");
    if (home.is_absolute()) return home / ".local/state/tidemark";
    throw Error(
        ErrorKind::usage,
        "no place for the state: neither --state, nor state in the configuration, nor XDG_STATE_HOME or HOME is set");
}

Configuration read_configuration_file(const ConfigurationOverrides& overrides, const Environment& environment) {
    const std::string from_environment = environment("TIDEMARK_CONFIG");
    fs::path file = overrides.config.value_or(from_environment);
    const bool asked_for = !file.empty();
    // The machine's file is for the service; somebody who names all objects himself does without it.
    if (!asked_for && !overrides.objects.empty()) return {};
    if (!asked_for) file = k_default_file;
    try {
        return parse_configuration(read_file(file, k_file_limit), file);
    } catch (const Error& error) {
        if (!asked_for && error.kind() == ErrorKind::not_found) return {};
        throw;
    }
}

}  // namespace

std::string read_environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

Configuration parse_configuration(const std::string& text, const fs::path& file) {
    Configuration configuration;
    configuration.file = file;
    policy::Findings findings;
    const yaml::Places places(file.string(), text);
    yaml::Report report(places, findings, "");
    yaml::DocumentReader reader(text);
    int documents = 0;
    while (auto answer = reader.next()) {
        if (const auto* error = std::get_if<yaml::YamlError>(&*answer)) {
            findings.push_back({policy::Severity::error, places.place(error->mark), "",
                                fmt::format("not readable as YAML: {}", error->message), ""});
            break;
        }
        const yaml::Node& root = std::get<yaml::Document>(*answer).root();
        if (yaml::is_null(root)) continue;
        if (++documents > 1) {
            report.error(root, "the configuration is one document, this is a second one");
            break;
        }
        yaml::Fields fields(root, "", report);
        ConfigurationReader(configuration, file).read(fields);
    }
    if (policy::has_errors(findings)) throw_findings(findings, file);
    return configuration;
}

Configuration load_configuration(const ConfigurationOverrides& overrides, const Environment& environment) {
    Configuration configuration = read_configuration_file(overrides, environment);
    if (!overrides.objects.empty()) {
        configuration.object_folders = overrides.objects;
        configuration.object_repositories.clear();
    }
    if (overrides.secrets) configuration.secrets = *overrides.secrets;
    if (overrides.state) configuration.state = *overrides.state;
    if (configuration.state.empty()) configuration.state = default_state(environment);
    return configuration;
}

}  // namespace tidemark::mirror
