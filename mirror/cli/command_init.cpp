#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/object_files.h"
#include "mirror/base/secrets.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/create.h"
#include "mirror/cli/line_diff.h"
#include "mirror/cli/manifest_source.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"
#include "mirror/cli/plural.h"
#include "mirror/cli/table.h"
#include "policy/objects/names.h"
#include "policy/objects/read.h"
#include "policy/proposal/proposal.h"

namespace tidemark::mirror::cli {
namespace {

namespace fs = std::filesystem;
using policy::proposal::ImageRow;
using policy::proposal::LeftAlone;
using policy::proposal::Proposal;

struct Options {
    bool write = false;
    std::string url;
    std::string branch;
    std::string push_branch = "flux-imageupdates";
    std::string secret_ref;
};

/// One file as it will be; a manifest has a `before`.
struct NewContent {
    fs::path path;
    std::string shown;  // as people see it
    std::string before;
    std::string after;
};

/// What was found and what is to be written.
struct Plan {
    Proposal proposal;
    std::vector<NewContent> objects;
    std::vector<NewContent> manifests;
    std::string credentials_step;  // what is left to do for the repository's credentials; empty: nothing
};

/// The name of an object's folder for the preview, where none is configured yet.
fs::path folder_of_objects(const Options& options, const Call& call) {
    if (options.write || !configuration_of(call).object_folders.empty()) return objects_folder(call);
    return "objects";
}

std::vector<policy::SourceText> texts_of_folders(const Call& call) {
    std::vector<policy::SourceText> texts;
    for (const fs::path& one : configuration_of(call).object_folders) {
        if (!fs::exists(one)) continue;
        ObjectFiles files = read_object_files({one});
        std::move(files.texts.begin(), files.texts.end(), std::back_inserter(texts));
    }
    return texts;
}

policy::ObjectSet objects_there(const fs::path& folder, const std::vector<Manifest>& manifests, const Call& call) {
    std::vector<policy::SourceText> texts = texts_of_folders(call);
    // A fleet repository often holds its own objects.
    for (const Manifest& manifest : manifests) {
        if (manifest.bytes.find("toolkit.fluxcd.io/") == std::string::npos) continue;
        const fs::path path = folder / manifest.path;
        const bool twice = std::any_of(texts.begin(), texts.end(), [&](const policy::SourceText& text) {
            std::error_code ignored;
            return fs::equivalent(text.file, path, ignored);
        });
        if (!twice) texts.push_back({path.string(), manifest.bytes});
    }
    return policy::read_objects(texts);
}

policy::proposal::Wish wish_of(const Options& options, const ManifestSource& source, const Call& call) {
    policy::proposal::Wish wish;
    wish.name_space = call.global.name_space;
    wish.url = options.url.empty() ? source.url : options.url;
    if (!options.branch.empty()) {
        wish.branch = options.branch;
    } else if (!source.branch.empty()) {
        wish.branch = source.branch;
    }
    wish.push_branch = options.push_branch;
    wish.secret_ref = options.secret_ref;
    wish.update_path = "./" + source.prefix;
    if (wish.update_path.size() > 2 && wish.update_path.ends_with('/')) wish.update_path.pop_back();
    if (wish.url.empty()) {
        say_warning(call.streams,
                    fmt::format("{} has no Git remote: give --url for a GitRepository and its ImageUpdateAutomation",
                                source.folder.string()));
    } else if (const auto problem = policy::find_git_url_problem(wish.url)) {
        throw Error(ErrorKind::usage,
                    fmt::format("the repository's URL {}: {}; give another with --url", visible(wish.url), *problem));
    }
    return wish;
}

bool is_secret_there(const policy::ObjectKey& secret, const Call& call) {
    SecretSources sources;
    sources.folder = configuration_of(call).secrets;
    if (const std::string credentials(call.environment.get("CREDENTIALS_DIRECTORY")); !credentials.empty())
        sources.credentials = credentials;
    return SecretStore(std::move(sources), policy::read_objects(texts_of_folders(call))).knows(secret);
}

std::string credentials_step(const policy::ObjectSet& there, const policy::proposal::Wish& wish, const Call& call) {
    if (wish.url.empty()) return "";
    policy::ObjectKey secret{wish.name_space, wish.secret_ref};
    for (const auto& [key, repository] : there.git_repositories) {
        if (repository.url != wish.url) continue;
        if (!repository.secret_ref) return "";
        secret = {key.object_namespace, *repository.secret_ref};
    }
    if (secret.name.empty()) return "a Secret for the repository, if it wants one: tidemark create secret git --help";
    if (is_secret_there(secret, call)) return "";
    return fmt::format("the Secret {}: tidemark create secret git {} -n {} --help", secret.to_string(), secret.name,
                       secret.object_namespace);
}

std::string yaml_of(const std::vector<policy::yaml::Value>& objects) {
    std::string text;
    for (const policy::yaml::Value& object : objects) {
        const auto yaml = policy::yaml::emit(object);
        if (!yaml) throw Error(ErrorKind::invalid, yaml.message());
        text += "---\n" + *yaml;
    }
    return text;
}

/// FOLDER/NAMESPACE/image-web.yaml, or with a number where a file of that name is there: nothing is written over.
fs::path free_path(const fs::path& folder, const std::string& name) {
    fs::path path = folder / (name + ".yaml");
    for (unsigned number = 2; fs::exists(path); ++number)
        path = folder / fmt::format("{}-{}.yaml", name, number);
    return path;
}

void add_manifests(Plan& plan, const ManifestSource& source, const std::vector<Manifest>& manifests) {
    std::map<std::string, const Manifest*> by_path;
    for (const Manifest& manifest : manifests)
        by_path.emplace(manifest.path, &manifest);
    std::erase_if(plan.proposal.markers, [&](const auto& entry) {
        const auto& [file, markers] = entry;
        const std::string& before = by_path.at(file)->bytes;
        const auto after = policy::proposal::add_markers(before, markers);
        if (!after) {
            for (const auto& marker : markers)
                plan.proposal.left_alone.push_back({file, marker.use.line, marker.use.value, after.message()});
            return true;
        }
        plan.manifests.push_back({source.folder / file, file, before, *after});
        return false;
    });
}

Plan make_plan(const Options& options, const ManifestSource& source, const Call& call) {
    std::vector<std::string> problems;
    const std::vector<Manifest> manifests = read_manifests(source.folder, problems);
    std::vector<policy::proposal::ImageUse> uses;
    for (const Manifest& manifest : manifests) {
        policy::proposal::FileUses found = policy::proposal::find_image_uses(manifest.bytes, manifest.path);
        if (!found.problem.empty() && found.uses.empty()) continue;  // a template of Helm, most likely
        std::move(found.uses.begin(), found.uses.end(), std::back_inserter(uses));
    }
    for (const std::string& problem : problems)
        say_warning(call.streams, visible(problem));
    say_doing(call.streams, fmt::format("looked through {}: {}", plural(manifests.size(), "manifest", "manifests"),
                                        plural(uses.size(), "use of an image", "uses of images")));

    Plan plan;
    const policy::ObjectSet there = objects_there(source.folder, manifests, call);
    const policy::proposal::Wish wish = wish_of(options, source, call);
    plan.proposal = policy::proposal::propose(uses, there, wish);
    plan.credentials_step = credentials_step(there, wish, call);
    add_manifests(plan, source, manifests);
    const fs::path folder = folder_of_objects(options, call) / call.global.name_space;
    for (const auto& [name, objects] : plan.proposal.objects) {
        const fs::path path = free_path(folder, name);
        plan.objects.push_back({path, path.string(), "", yaml_of(objects)});
    }
    return plan;
}

void print_table(const Plan& plan, const Call& call) {
    std::vector<Row> rows;
    for (const ImageRow& row : plan.proposal.images) {
        std::string places = row.places.front();
        if (row.places.size() > 1) places += fmt::format(" and {} more", row.places.size() - 1);
        rows.push_back({visible(row.image), fmt::format("{}", fmt::join(row.tags, ", ")), row.policy.to_string(),
                        row.rule.empty() ? "as it is there" : row.rule, visible(places)});
    }
    if (!rows.empty()) print(call.streams, format_table({"IMAGE", "TAG", "POLICY", "TAKES", "MARKED IN"}, rows));
}

void say_left_alone(const Plan& plan, const Call& call) {
    for (const LeftAlone& left : plan.proposal.left_alone)
        say_warning(call.streams, visible(fmt::format("{}:{}  {}: {}", left.file, left.line, left.value, left.why)));
}

void print_diffs(const Plan& plan, const Call& call) {
    std::string text;
    for (const NewContent& file : plan.objects)
        text += '\n' + diff_of_new_file(file.shown, file.after);
    for (const NewContent& file : plan.manifests)
        text += '\n' + diff_of_lines(file.shown, file.before, file.after);
    print(call.streams, text);
}

/// Objects first: a marker without its policy is a mistake, a policy without a marker is only idle.
void write_files(const Plan& plan, const Call& call) {
    for (const NewContent& file : plan.objects) {
        create_folder(file.path.parent_path(), 0755);
        AtomicFile draft(file.path, 0644);
        draft.write(file.after);
        draft.commit();
        say_done(call.streams, "wrote " + visible(file.shown));
    }
    for (const NewContent& file : plan.manifests) {
        struct stat status {};
        if (::stat(file.path.c_str(), &status) != 0)
            throw Error(ErrorKind::storage, fmt::format("{} is gone since it was read", file.path.string()));
        AtomicFile draft(file.path, status.st_mode & 0777U);
        draft.write(file.after);
        draft.commit();
        // Root works on somebody's clone: it stays theirs.
        if (status.st_uid != ::geteuid() && ::lchown(file.path.c_str(), status.st_uid, status.st_gid) != 0)
            say_warning(call.streams, fmt::format("{} belongs to you now: {}", file.shown, describe_errno(errno)));
        say_done(call.streams, "marked " + visible(file.shown));
    }
}

std::string counts(const Plan& plan) {
    return fmt::format("{} for {}, {} in {}", plural(plan.proposal.object_count(), "object", "objects"),
                       plural(plan.proposal.images.size(), "image", "images"),
                       plural(plan.proposal.marker_count(), "marker", "markers"),
                       plural(plan.manifests.size(), "manifest", "manifests"));
}

void say_next(const Options& options, const ManifestSource& source, const Plan& plan, const Call& call) {
    if (!options.write) {
        say_doing(call.streams, "next: the same with --write; edit the ranges as you like them");
        return;
    }
    say_doing(call.streams,
              fmt::format("next: git -C {} diff, then commit and push the markers", visible(source.folder.string())));
    if (!plan.credentials_step.empty()) say_doing(call.streams, "      " + visible(plan.credentials_step));
    say_doing(call.streams, "      tidemark check, tidemark plan");
}

ManifestSource open_source(const Options& options, const Call& call) {
    if (call.arguments.size() > 1)
        throw Error(ErrorKind::usage, "one folder or Git URL is enough, as in \"tidemark init ./fleet\"");
    const std::string place = call.arguments.empty() ? "." : call.arguments.front();
    if (!is_git_url(place)) return open_folder(place, call);
    if (const auto problem = policy::find_git_url_problem(place); problem && place.find("://") != std::string::npos)
        throw Error(ErrorKind::usage, fmt::format("{} cannot be cloned: {}; credentials come from your own git",
                                                  visible(place.substr(place.rfind('@') + 1)), *problem));
    say_waiting(call.streams, fmt::format("cloning {}", visible(place.substr(place.rfind('@') + 1))));
    std::optional<fs::path> target;
    if (options.write) {
        std::string name = fs::path(place.substr(place.find_last_of("/:") + 1)).string();
        if (name.ends_with(".git")) name.resize(name.size() - 4);
        if (name.empty() || name.front() == '.' || name.front() == '-')
            throw Error(ErrorKind::usage, "the URL names no repository; clone it and give the folder");
        target = name;
    }
    return clone_repository(place, options.branch, target, call);
}

int run_init(const Options& options, const Call& call) {
    if (options.write) objects_folder(call);  // known before anything is cloned
    const ManifestSource source = open_source(options, call);
    const Plan plan = make_plan(options, source, call);
    say_left_alone(plan, call);
    if (plan.objects.empty() && plan.manifests.empty()) {
        say_done(call.streams, fmt::format("nothing to propose: {}",
                                           plan.proposal.marked_already == 0
                                               ? std::string("no image with a version was found")
                                               : plural(plan.proposal.marked_already, "value is marked already",
                                                        "values are marked already")));
        return 0;
    }
    print_table(plan, call);
    if (options.write) {
        write_files(plan, call);
        say_done(call.streams, "wrote " + counts(plan));
    } else {
        print_diffs(plan, call);
        say_done(call.streams, "would write " + counts(plan));
    }
    say_next(options, source, plan, call);
    return 0;
}

Run prepare(FlagSet& flags) {
    auto options = std::make_shared<Options>();
    flags.truth("write", options->write, "write the objects and the markers, instead of showing them");
    flags.text("url", options->url, "the repository as Tidemark reaches it (default: the folder's origin)");
    flags.text("branch", options->branch, "branch that manifests are read from (default: the one checked out)");
    flags.text("push-branch", options->push_branch, "branch that updates go to (default flux-imageupdates)");
    flags.text("secret-ref", options->secret_ref, "Secret with the repository's credentials");
    return [options](const Call& call) { return run_init(*options, call); };
}

}  // namespace

const Command k_init = {
    "init",
    "[DIR|URL]",
    "look through a manifest repository, propose objects and markers",
    "Looks through the manifests of a folder (the current one), or of a repository that it clones, and proposes what\n"
    "Tidemark needs to keep their images current: for each image an ImageRepository and an ImagePolicy that takes the\n"
    "tag in use and what comes after it, a marker behind each value, and one GitRepository with its\n"
    "ImageUpdateAutomation. It shows that as a table and a diff; --write writes it: objects into the objects folder, "
    "one\n"
    "file for each image, and markers as comments at the end of lines. No other byte of a manifest changes, no file "
    "is\n"
    "written over, registries are not asked, and nothing is committed.\n"
    "\n"
    "  tag in use            the policy takes\n"
    "  1.25.1, v1.25.1       versions >=1.25.1 <2\n"
    "  0.4.2                 versions >=0.4.2 <0.5\n"
    "  1.25.1-alpine         the same, of those that end in -alpine\n"
    "  15.4, 3.19-slim       15.NUMBER, 3.NUMBER-slim\n"
    "  main-3f2a91c-1732176  main-COMMIT-NUMBER, the highest number\n"
    "  latest, 15, 3f2a91c   nothing: no order says what comes after; it is named and left alone\n"
    "\n"
    "Images are found in containers of every kind, under `image:` where a tag is written, in Kustomize's `images`, and "
    "as\n"
    "`image: {repository, tag}` of Helm values. What has a marker or a policy already keeps it: a second run proposes\n"
    "nothing.\n"
    "\n"
    "  tidemark init ./fleet --objects ./objects               # show\n"
    "  tidemark init ./fleet --objects ./objects --write       # then commit and push the markers\n"
    "  tidemark init ssh://git@git.example/fleet.git           # clone, show, forget the clone\n"
    "  tidemark init /srv/fleet --url https://git.example/fleet.git --secret-ref fleet --write",
    NamespaceCheck::dns_label,
    prepare,
};

}  // namespace tidemark::mirror::cli
