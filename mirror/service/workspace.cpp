#include "mirror/service/workspace.h"

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/object_files.h"
#include "mirror/git/damage.h"
#include "mirror/git/remote.h"
#include "mirror/git/remote_mirror.h"
#include "mirror/git/repository.h"
#include "mirror/git/tree_files.h"
#include "mirror/service/digest.h"
#include "mirror/service/sources.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {
namespace {

using policy::Finding;
using policy::Severity;

SecretSources secret_sources(const Configuration& configuration) {
    SecretSources sources;
    sources.folder = configuration.secrets;
    const std::string credentials = read_environment("CREDENTIALS_DIRECTORY");
    if (!credentials.empty()) sources.credentials = credentials;
    return sources;
}

/// The tip to read: the remote's, or the one of the last fetch when the remote does not answer.
std::optional<git::ObjectId> find_tip(Source& source, const std::string& branch, Fetch fetch,
                                      policy::Findings& findings) {
    if (fetch == Fetch::yes) {
        try {
            source.need(branch);
            const auto tip = source.tips().find(branch);
            return tip == source.tips().end() ? std::nullopt : tip->second;
        } catch (const git::DamagedRepository&) {
            throw;
        } catch (const Error& error) {
            const auto known = git::find_tracked_tip(source.mirror(), branch);
            if (!known) throw;
            findings.push_back(policy::make_finding(Severity::warning, policy::Place{source.shown_url(), 0, 0}, "",
                                                    fmt::format("objects are read as of the last fetch ({}): {}",
                                                                git::to_short_string(*known), error.what()),
                                                    ""));
            return known;
        }
    }
    return git::find_tracked_tip(source.mirror(), branch);
}

void read_source(const GitObjects& wanted, Source& source, const std::string& branch, Fetch fetch,
                 std::vector<policy::SourceText>& texts, policy::Findings& findings) {
    const auto tip = find_tip(source, branch, fetch, findings);
    if (!tip) {
        const std::string what = fetch == Fetch::yes ? "has no branch " + branch : "was not fetched yet";
        throw Error(ErrorKind::not_found, fmt::format("reading objects: {} {}", source.shown_url(), what));
    }
    const git::CommitInfo commit = source.repository().read_commit(*tip);
    git::TreeFiles files =
        git::read_tree_files(source.repository(), commit.tree, wanted.path, git::is_object_file_name);
    findings.insert(findings.end(), files.findings.begin(), files.findings.end());
    for (policy::SourceText& text : files.texts)
        texts.push_back(std::move(text));
}

void read_repository(const GitObjects& wanted, Sources& sources, Fetch fetch, std::vector<policy::SourceText>& texts,
                     policy::Findings& findings) {
    const policy::GitRepository repository = as_repository(wanted);
    Source& source = sources.open(repository);
    try {
        read_source(wanted, source, repository.branch, fetch, texts, findings);
    } catch (const git::DamagedRepository& damage) {
        // Whoever only looks has no lock, and leaves it to the next pass.
        if (fetch != Fetch::yes)
            throw Error(damage.kind(), std::string(damage.what()) + "; tidemark run clones it anew");
        if (!source.renew()) throw;
        findings.push_back(
            policy::make_finding(Severity::warning, policy::Place{source.shown_url(), 0, 0}, "",
                                 fmt::format("the mirror {} was damaged ({}): it was removed and cloned anew",
                                             source.mirror().string(), damage.reason()),
                                 ""));
        read_source(wanted, source, repository.branch, fetch, texts, findings);
    }
}

/// As the mirror has it; answers false if it was never fetched.
bool read_fetched(const GitObjects& wanted, Sources& sources, const std::filesystem::path& mirror,
                  const std::string& why, std::vector<policy::SourceText>& texts, policy::Findings& findings) {
    const policy::GitRepository repository = as_repository(wanted);
    const policy::Place place{git::redact_url(wanted.url), 0, 0};
    const auto known =
        std::filesystem::exists(mirror) ? git::find_tracked_tip(mirror, repository.branch) : std::nullopt;
    if (!known) {
        const std::string text = why.empty() ? "its objects are not there yet: it is being fetched for the first time"
                                             : "its objects were never read: " + why;
        findings.push_back(policy::make_finding(Severity::error, place, "", text, ""));
        return false;
    }
    if (!why.empty())
        findings.push_back(policy::make_finding(
            Severity::warning, place, "",
            fmt::format("objects are read as of the last fetch ({}): {}", git::to_short_string(*known), why), ""));
    read_source(wanted, sources.open(repository), repository.branch, Fetch::no, texts, findings);
    return true;
}

std::string digest_of(const std::vector<policy::SourceText>& texts) {
    std::string all;
    for (const policy::SourceText& text : texts)
        all += hex_digest(text.file) + hex_digest(text.bytes);
    return hex_digest(all);
}

/// Secrets in clear text have no place in Git: such manifests are not used.
void drop_secrets(policy::ObjectSet& objects) {
    for (const auto& [key, secret] : objects.secrets)
        objects.findings.push_back(
            policy::make_finding(Severity::warning, secret.metadata.place, "Secret " + key.to_string(),
                                 "a Secret in a Git source is not used", "put it into the secrets folder"));
    objects.secrets.clear();
}

struct GitReading {
    Fetch fetch = Fetch::no;
    std::stop_token stop = {};
    const SourceProblems* problems = nullptr;
    bool incomplete = false;  // set where a source was never fetched
};

std::vector<policy::SourceText> read_git_texts(const Configuration& configuration, const policy::ObjectSet& local,
                                               GitReading& reading, policy::Findings& findings) {
    // Git sources need credentials, which may be manifests of the folders: those are read first.
    const SecretStore secrets(secret_sources(configuration), local);
    Sources sources(configuration.state, secrets, reading.fetch == Fetch::yes ? MirrorUse::write : MirrorUse::read,
                    reading.stop);
    std::vector<policy::SourceText> texts;
    for (const GitObjects& source : configuration.object_repositories) {
        if (!reading.problems) {
            read_repository(source, sources, reading.fetch, texts, findings);
            continue;
        }
        const auto problem = reading.problems->find(source_name(source));
        const std::string why = problem == reading.problems->end() ? "" : problem->second;
        const std::filesystem::path mirror = mirror_path(configuration.state, source.url);
        reading.incomplete = !read_fetched(source, sources, mirror, why, texts, findings) || reading.incomplete;
    }
    return texts;
}

policy::ObjectSet read_texts(const std::string& origin, std::vector<policy::SourceText>& texts,
                             const policy::Findings& unreadable, LastGood* last_good, policy::Findings& findings) {
    return last_good ? last_good->read(origin, texts, unreadable, findings) : policy::read_objects(texts);
}

/// The objects of folders and Git sources; `texts` has those of the folders, and all afterwards.
policy::ObjectSet read_all(const Configuration& configuration, const policy::ObjectSet& local, GitReading& reading,
                           LastGood* last_good, std::vector<policy::SourceText>& texts) {
    policy::Findings findings;
    std::vector<policy::SourceText> from_git = read_git_texts(configuration, local, reading, findings);
    policy::ObjectSet remote = read_texts("git", from_git, {}, last_good, findings);
    drop_secrets(remote);
    for (policy::SourceText& text : from_git)
        texts.push_back(std::move(text));
    policy::ObjectSet objects = policy::read_objects(texts);
    objects.secrets = local.secrets;
    objects.findings.insert(objects.findings.end(), findings.begin(), findings.end());
    return objects;
}

}  // namespace

std::string source_name(const GitObjects& source) {
    return fmt::format("{}\n{}\n{}", source.url, source.branch, source.path);
}

policy::GitRepository as_repository(const GitObjects& source) {
    policy::GitRepository repository;
    repository.url = source.url;
    repository.branch = source.branch.empty() ? "main" : source.branch;
    if (source.secret_ref) {
        repository.metadata.key.object_namespace = source.secret_ref->object_namespace;
        repository.secret_ref = source.secret_ref->name;
    }
    return repository;
}

Workspace load_workspace(const Configuration& configuration, Fetch fetch, LastGood* last_good,
                         const std::stop_token& stop, const SourceProblems* problems) {
    GitReading reading{fetch, stop, problems, false};
    ObjectFiles files = read_object_files(configuration.object_folders);
    const policy::Findings unreadable = files.findings;
    policy::ObjectSet objects = read_texts("folders", files.texts, unreadable, last_good, files.findings);
    if (!configuration.object_repositories.empty())
        objects = read_all(configuration, objects, reading, last_good, files.texts);
    objects.findings.insert(objects.findings.begin(), files.findings.begin(), files.findings.end());
    policy::check_references(objects);
    SecretStore secrets(secret_sources(configuration), objects);
    objects.findings.insert(objects.findings.end(), secrets.findings().begin(), secrets.findings().end());
    return {std::move(objects),
            std::move(secrets),
            configuration.object_folders.size(),
            configuration.object_repositories.size(),
            last_good ? digest_of(files.texts) : "",
            reading.incomplete};
}

std::vector<policy::SourceText> read_object_texts(const Configuration& configuration, Fetch fetch) {
    std::vector<policy::SourceText> texts = read_object_files(configuration.object_folders).texts;
    if (configuration.object_repositories.empty()) return texts;
    policy::Findings findings;
    GitReading reading{fetch, {}, nullptr, false};
    for (policy::SourceText& text : read_git_texts(configuration, policy::read_objects(texts), reading, findings))
        texts.push_back(std::move(text));
    return texts;
}

}  // namespace tidemark::mirror::service
