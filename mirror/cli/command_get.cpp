// `get images all|repository|policy|update`, `get sources git`, `get all`: one command, several lists of kinds.
#include <algorithm>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/cli/command_list.h"
#include "mirror/cli/json.h"
#include "mirror/cli/known_objects.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/object_rows.h"

namespace tidemark::mirror::cli {
namespace {

using policy::ObjectKind;
using service::KnownObject;
using Kinds = std::vector<ObjectKind>;

/// Whether kinds are told apart in the table and one without objects is no error.
enum class Listing { one_kind, all };

constexpr std::chrono::milliseconds k_watch_step{500};

struct Options {
    bool all_namespaces = false;
    bool no_header = false;
    bool watch = false;
    std::string labels;
    std::string status;
    std::string output;
};

struct Wanted {
    std::optional<std::string> name_space;  // nullopt: all
    std::string name;                       // empty: all
    policy::LabelSelector labels;
    std::optional<StatusSelector> status;
};

Wanted read_wanted(const Options& options, const Call& call) {
    Wanted wanted;
    if (!options.all_namespaces) wanted.name_space = call.global.name_space;
    if (!call.arguments.empty()) wanted.name = call.arguments.front();
    const auto labels = policy::parse_label_selector(options.labels);
    if (!labels) throw Error(ErrorKind::usage, "unable to parse label selector: " + labels.message());
    wanted.labels = *labels;
    wanted.status = parse_status_selector(options.status);
    return wanted;
}

[[noreturn]] void report_nothing(ObjectKind kind, const Wanted& wanted) {
    const std::string where =
        wanted.name_space ? fmt::format("\"{}\" namespace", *wanted.name_space) : std::string("any namespace");
    const std::string_view name = policy::kind_name(kind);
    if (wanted.name.empty()) throw Error(ErrorKind::not_found, fmt::format("no {} objects found in {}", name, where));
    throw Error(ErrorKind::not_found, fmt::format("{} object '{}' not found in {}", name, wanted.name, where));
}

Row with_namespace(Row row, const std::string& name_space, const Options& options) {
    if (options.all_namespaces) row.insert(row.begin(), name_space);
    return row;
}

class Printer {
public:
    Printer(const Options& options, NameStyle style) : m_options(options), m_style(style) {
        if (options.output == "wide") m_columns = Columns::wide;
    }

    Row header(ObjectKind kind) const {
        if (m_options.no_header) return {};
        return with_namespace(header_of(kind, m_columns), "NAMESPACE", m_options);
    }
    Row row(const KnownObject& object) const {
        return with_namespace(row_of(object, m_columns, m_style), object.key.object_namespace, m_options);
    }
    std::string table(ObjectKind kind, const std::vector<KnownObject>& objects) const {
        std::vector<Row> rows;
        for (const KnownObject& object : objects)
            rows.push_back(row(object));
        return format_table(header(kind), rows);
    }

private:
    const Options& m_options;
    NameStyle m_style;
    Columns m_columns = Columns::usual;
};

/// Those of the names and labels asked for, whatever their status is.
std::vector<KnownObject> find_objects(const KnownObjects& known, ObjectKind kind, const Wanted& wanted) {
    std::vector<KnownObject> objects = known(kind, wanted.name_space, wanted.name);
    std::erase_if(objects, [&wanted](const KnownObject& object) { return !wanted.labels.matches(object.labels); });
    return objects;
}

std::vector<KnownObject> matching(std::vector<KnownObject> objects, const Wanted& wanted) {
    if (wanted.status) {
        std::erase_if(objects, [&wanted](const KnownObject& object) { return !wanted.status->matches(object.status); });
    }
    return objects;
}

int print_data(const Kinds& kinds, const Options& options, const KnownObjects& known, const Wanted& wanted,
               const Call& call) {
    policy::yaml::Value::Sequence list;
    for (const ObjectKind kind : kinds) {
        for (const KnownObject& object : matching(find_objects(known, kind, wanted), wanted)) {
            list.push_back(service::data_of(object));
        }
    }
    if (list.empty() && kinds.size() == 1) report_nothing(kinds.front(), wanted);
    const policy::yaml::Value value(std::move(list));
    if (options.output == "json") {
        print(call.streams, to_json(value));
        return 0;
    }
    const auto yaml = policy::yaml::emit(value);
    if (!yaml) throw Error(ErrorKind::invalid, yaml.message());
    print(call.streams, *yaml);
    return 0;
}

int print_one(ObjectKind kind, const Options& options, const KnownObjects& known, const Wanted& wanted,
              const Call& call) {
    auto objects = find_objects(known, kind, wanted);
    if (objects.empty()) report_nothing(kind, wanted);
    print(call.streams, Printer(options, NameStyle::plain).table(kind, matching(std::move(objects), wanted)));
    return 0;
}

/// Each kind's error is told and the rest goes on; a kind without objects is passed over.
int print_several(const Kinds& kinds, const Options& options, const KnownObjects& known, const Call& call) {
    for (const ObjectKind kind : kinds) {
        try {
            const Wanted wanted = read_wanted(options, call);
            auto objects = find_objects(known, kind, wanted);
            if (objects.empty() && !wanted.name.empty()) report_nothing(kind, wanted);
            objects = matching(std::move(objects), wanted);
            if (!objects.empty()) {
                print(call.streams, Printer(options, NameStyle::with_kind).table(kind, objects) + "\n");
            }
        } catch (const Error& error) {
            say_failed(call.streams, error.what());
        }
    }
    return 0;
}

/// Every object once, then each that changed, until the time is up.
int watch(ObjectKind kind, const Options& options, const Wanted& wanted, const Call& call) {
    const auto deadline = std::chrono::steady_clock::now() + call.global.timeout;
    const Printer printer(options, NameStyle::plain);
    std::map<policy::ObjectKey, Row> shown;
    bool first = true;
    while (true) {
        const KnownObjects known = read_known_objects(call);
        for (const KnownObject& object : find_objects(known, kind, wanted)) {
            Row row = printer.row(object);
            Row& before = shown[object.key];
            if (before == row) continue;
            before = row;
            const bool matches = !wanted.status || wanted.status->matches(object.status);
            const std::vector<Row> rows = matches ? std::vector<Row>{row} : std::vector<Row>{};
            if (first) {
                print(call.streams, format_table(printer.header(kind), rows));
            } else if (matches) {
                print(call.streams, format_loose_row(row));
            }
            first = false;
        }
        const auto left = deadline - std::chrono::steady_clock::now();
        if (left <= std::chrono::nanoseconds::zero()) break;
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, k_watch_step));
    }
    throw Error(ErrorKind::network, "timed out waiting for the condition");
}

int run_get(const Kinds& kinds, Listing listing, const Options& options, const Call& call) {
    const bool several = listing == Listing::all;
    if (options.watch && several) throw Error(ErrorKind::usage, "expected a single resource type, but found all");
    const bool data = options.output == "json" || options.output == "yaml";
    if (options.watch) return watch(kinds.front(), options, read_wanted(options, call), call);
    if (several && !data) return print_several(kinds, options, read_known_objects(call), call);
    const Wanted wanted = read_wanted(options, call);
    const KnownObjects known = read_known_objects(call);
    return data ? print_data(kinds, options, known, wanted, call)
                : print_one(kinds.front(), options, known, wanted, call);
}

Run prepare_get(FlagSet& flags, Kinds kinds, Listing listing = Listing::one_kind) {
    auto options = std::make_shared<Options>();
    flags.truth("all-namespaces", options->all_namespaces, "objects of all namespaces", 'A');
    flags.text("label-selector", options->labels, "only objects with these labels: a=b,c!=d,e", 'l');
    flags.truth("no-header", options->no_header, "no line of titles");
    flags.choice("output", options->output, {"wide", "json", "yaml"}, "more columns, or data", 'o');
    flags.text("status-selector", options->status, "only objects with a condition, e.g. ready=false");
    flags.truth("watch", options->watch, "go on and show each change, until --timeout", 'w');
    return [=](const Call& call) { return run_get(kinds, listing, *options, call); };
}

constexpr const char* k_help =
    "Shows objects, what was found about them at the last pass, and why any is not ready. A running service is asked\n"
    "over its socket; without one, or with --objects, the files and the state are read.\n\n"
    "  tidemark get images all                              everything about images in flux-system\n"
    "  tidemark get images policy -A                        the chosen tags, of all namespaces\n"
    "  tidemark get images update --status-selector ready=false\n"
    "  tidemark get images repository web -o json           for scripts";

}  // namespace

const Command k_get_all = {
    "get all", "[NAME]", "sources and images", k_help, NamespaceCheck::dns_label, [](FlagSet& flags) {
        return prepare_get(flags,
                           {ObjectKind::git_repository, ObjectKind::image_repository, ObjectKind::image_policy,
                            ObjectKind::image_update_automation},
                           Listing::all);
    }};

const Command k_get_images_all = {
    "get images all",
    "[NAME]",
    "repositories, policies and automations",
    k_help,
    NamespaceCheck::dns_label,
    [](FlagSet& flags) {
        return prepare_get(
            flags, {ObjectKind::image_repository, ObjectKind::image_policy, ObjectKind::image_update_automation},
            Listing::all);
    }};

const Command k_get_images_repository = {
    "get images repository",
    "[NAME]",
    "repositories and their last scans",
    k_help,
    NamespaceCheck::dns_label,
    [](FlagSet& flags) { return prepare_get(flags, {ObjectKind::image_repository}); }};

const Command k_get_images_policy = {"get images policy",
                                     "[NAME]",
                                     "policies and the tags they chose",
                                     k_help,
                                     NamespaceCheck::dns_label,
                                     [](FlagSet& flags) { return prepare_get(flags, {ObjectKind::image_policy}); }};

const Command k_get_images_update = {
    "get images update",
    "[NAME]",
    "automations and their last runs",
    k_help,
    NamespaceCheck::dns_label,
    [](FlagSet& flags) { return prepare_get(flags, {ObjectKind::image_update_automation}); }};

const Command k_get_sources_git = {"get sources git",
                                   "[NAME]",
                                   "Git repositories and their revisions",
                                   k_help,
                                   NamespaceCheck::dns_label,
                                   [](FlagSet& flags) { return prepare_get(flags, {ObjectKind::git_repository}); }};

const Command k_get_sources_all = {
    "get sources all", "[NAME]", "sources of every kind", k_help, NamespaceCheck::dns_label, [](FlagSet& flags) {
        return prepare_get(flags, {ObjectKind::git_repository}, Listing::all);
    }};

}  // namespace tidemark::mirror::cli
