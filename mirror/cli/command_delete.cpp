// `delete image repository|policy|update NAME`: takes the object out of the file it stands in.
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/object_files.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/image_kinds.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/remove_document.h"

namespace tidemark::mirror::cli {
namespace {

using policy::Metadata;
using policy::ObjectSet;

const Metadata* find_metadata(const ObjectSet& objects, const ImageKind& kind, const policy::ObjectKey& key) {
    const auto of = [&](const auto& list) -> const Metadata* {
        const auto found = list.find(key);
        return found == list.end() ? nullptr : &found->second.metadata;
    };
    if (kind.kind == policy::ObjectKind::image_repository) return of(objects.image_repositories);
    if (kind.kind == policy::ObjectKind::image_policy) return of(objects.image_policies);
    return of(objects.image_update_automations);
}

/// Anything but a yes on a terminal is a no.
bool confirm(const ImageKind& kind, const Streams& streams) {
    if (::isatty(::fileno(streams.in)) == 0) return false;
    std::fprintf(streams.err, "Are you sure you want to delete this %s [y/N] ", std::string(kind.human).c_str());
    std::fflush(streams.err);
    const int answer = std::fgetc(streams.in);
    return answer == 'y' || answer == 'Y';
}

std::string git_sources(const Configuration& configuration) {
    std::string urls;
    for (const GitObjects& source : configuration.object_repositories)
        urls += (urls.empty() ? "" : " or ") + source.url;
    return urls;
}

void remove_from(const policy::SourceText& text, const Metadata& metadata) {
    const auto rest = remove_document(text, metadata.place);
    if (!rest) throw Error(ErrorKind::refused, fmt::format("{} stays: {}", metadata.key.to_string(), rest.message()));
    if (rest->empty()) {
        std::error_code error;
        if (!std::filesystem::remove(text.file, error) || error)
            throw Error(ErrorKind::storage, fmt::format("removing {}: {}", text.file, error.message()));
        return;
    }
    const auto mode = std::filesystem::status(text.file).permissions() & std::filesystem::perms::all;
    AtomicFile file(text.file, static_cast<unsigned>(mode));
    file.write(*rest);
    file.commit();
}

int run_delete(const ImageKind& kind, bool silent, const Call& call) {
    if (call.arguments.empty()) throw Error(ErrorKind::usage, fmt::format("{} name is required", kind.human));
    const std::string& name = call.arguments.front();
    const policy::ObjectKey key{call.global.name_space, name};
    const Configuration configuration = configuration_with_objects(call);
    const std::vector<policy::SourceText> texts = read_object_files(configuration.object_folders).texts;
    const ObjectSet objects = policy::read_objects(texts);
    const Metadata* metadata = find_metadata(objects, kind, key);
    if (!metadata) {
        if (configuration.object_repositories.empty()) throw_not_found(kind, name);
        throw Error(ErrorKind::not_found,
                    fmt::format("{} {} is in no folder here; if it stands in Git, take it out of {} and push",
                                kind.name(), key.to_string(), git_sources(configuration)));
    }
    if (!silent && !confirm(kind, call.streams)) throw Error(ErrorKind::refused, "aborting");
    const auto text = std::find_if(texts.begin(), texts.end(),
                                   [&](const policy::SourceText& one) { return one.file == metadata->place.file; });
    say_doing(call.streams, fmt::format("deleting {} {} in {} namespace", kind.human, name, key.object_namespace));
    remove_from(*text, *metadata);
    say_done(call.streams, fmt::format("{} deleted", kind.human));
    return 0;
}

constexpr const char* k_help =
    "Takes the object out of the file that it stands in; the rest of the file stays byte for byte. A file that held\n"
    "nothing else is removed. Objects that stand in Git are taken out there.\n"
    "\n"
    "  tidemark delete image policy web\n"
    "  tidemark delete image update fleet -n apps --silent";

template <const ImageKind& Kind>
Run prepare(FlagSet& flags) {
    auto silent = std::make_shared<bool>(false);
    flags.truth("silent", *silent, "ask nothing", 's');
    return [silent](const Call& call) { return run_delete(Kind, *silent, call); };
}

}  // namespace

const Command k_delete_image_repository = {"delete image repository", "NAME",
                                           "remove a repository",     k_help,
                                           NamespaceCheck::dns_label, prepare<k_repository_kind>};
const Command k_delete_image_policy = {
    "delete image policy", "NAME", "remove a policy", k_help, NamespaceCheck::dns_label, prepare<k_policy_kind>};
const Command k_delete_image_update = {
    "delete image update", "NAME", "remove an automation", k_help, NamespaceCheck::dns_label, prepare<k_update_kind>};

}  // namespace tidemark::mirror::cli
