#include "mirror/base/receiver_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/objects/field_types.h"
#include "policy/objects/names.h"

namespace tidemark::mirror {
namespace {

namespace yaml = policy::yaml;
namespace receiver = policy::receiver;

constexpr std::size_t k_receiver_limit = 256;

void read_repositories(yaml::Fields& fields, ReceiverSettings& settings) {
    if (fields.find("repositories") == nullptr) {
        if (!receiver::names_images(settings.kind))
            fields.report().error(fields.node(),
                                  fmt::format("{} is missing: {} names no images, so that each of its messages has all "
                                              "of them scanned",
                                              fields.path("repositories"), receiver::to_string(settings.kind)));
        return;
    }
    settings.repositories.emplace();
    for (const std::string& word : policy::read_text_list(fields, "repositories")) {
        const std::size_t slash = word.find('/');
        policy::ObjectKey key{word.substr(0, slash), slash == std::string::npos ? "" : word.substr(slash + 1)};
        if (policy::find_namespace_problem(key.object_namespace) || policy::find_name_problem(key.name)) {
            fields.report().error(
                *fields.find("repositories"),
                fmt::format("{}: an ImageRepository is written namespace/name", fields.path("repositories")));
            continue;
        }
        settings.repositories->insert(std::move(key));
    }
}

ReceiverSettings read_receiver(yaml::Fields& fields) {
    ReceiverSettings settings;
    settings.place = fields.report().places().place(fields.node());
    if (const auto name = fields.required_text("name", "registry")) {
        settings.name = *name;
        if (const auto reason = policy::find_name_problem(*name))
            fields.report().error(*fields.node().find("name"),
                                  fmt::format("{} cannot be used: {}", fields.path("name"), *reason));
    }
    if (const auto word = fields.required_text("kind", "distribution")) {
        const auto kind = receiver::find_kind(*word);
        if (kind) settings.kind = *kind;
        if (!kind)
            fields.report().error(*fields.node().find("kind"),
                                  fmt::format("{} cannot be used: it is one of {}", fields.path("kind"),
                                              fmt::join(receiver::kind_words(), ", ")));
    }
    if (auto reference = fields.required_mapping("secretRef")) {
        settings.secret_ref = policy::read_reference(*reference, "default");
        reference->finish();
    }
    read_repositories(fields, settings);
    fields.finish();
    return settings;
}

}  // namespace

std::vector<ReceiverSettings> read_receivers(yaml::Fields& root) {
    std::vector<ReceiverSettings> receivers;
    for (const yaml::Node* item : root.list("receivers")) {
        if (receivers.size() == k_receiver_limit) {
            root.report().error(*item, fmt::format("there may be {} receivers at most", k_receiver_limit));
            break;
        }
        yaml::Fields fields(*item, "receivers[]", root.report(), &root);
        ReceiverSettings settings = read_receiver(fields);
        const bool known = std::any_of(receivers.begin(), receivers.end(),
                                       [&](const ReceiverSettings& other) { return other.name == settings.name; });
        if (known && !settings.name.empty())
            root.report().error(*item, fmt::format("there are two receivers of the name {}", settings.name));
        receivers.push_back(std::move(settings));
    }
    return receivers;
}

}  // namespace tidemark::mirror
