#include "mirror/cli/image_arguments.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_image_file_limit = std::size_t{64} << 20;

[[noreturn]] void refuse(const std::string& text, std::string_view reason) {
    throw Error(ErrorKind::usage,
                fmt::format("--image \"{}\" {}: write it as flux-system/web=ghcr.io/acme/web:1.2.3", text, reason));
}

using Json = rapidjson::Value;

/// The member's text; empty if it is missing or null. Throws for another type.
std::string text_of(const Json& object, const char* key) {
    const auto member = object.FindMember(key);
    if (member == object.MemberEnd() || member->value.IsNull()) return {};
    if (!member->value.IsString()) throw Error(ErrorKind::invalid, fmt::format("\"{}\" is no text", key));
    return std::string(member->value.GetString(), member->value.GetStringLength());
}

policy::PolicyReference reference_of(const Json& entry) {
    if (!entry.IsObject()) throw Error(ErrorKind::invalid, "it is no object");
    policy::PolicyReference reference{text_of(entry, "namespace"), text_of(entry, "name"), {}};
    const auto member = entry.FindMember("latest");
    if (member == entry.MemberEnd() || !member->value.IsObject())
        throw Error(ErrorKind::invalid, "it has no \"latest\" with name and tag");
    const Json& latest = member->value;
    reference.latest = {text_of(latest, "name"), text_of(latest, "tag"), text_of(latest, "digest")};
    if (reference.policy_namespace.empty() || reference.policy_name.empty())
        throw Error(ErrorKind::invalid, "\"namespace\" or \"name\" is missing");
    if (reference.latest.name.empty() || reference.latest.tag.empty())
        throw Error(ErrorKind::invalid, "\"latest\" needs a name and a tag");
    return reference;
}

}  // namespace

policy::PolicyReference parse_image_argument(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) refuse(text, "has no \"=\"");
    const std::string setter = text.substr(0, equals);
    const std::size_t slash = setter.find_first_of("/:");
    if (slash == std::string::npos || slash == 0 || slash + 1 == setter.size())
        refuse(text, "does not name NAMESPACE/POLICY");

    policy::PolicyReference reference{setter.substr(0, slash), setter.substr(slash + 1), {}};
    std::string image = text.substr(equals + 1);
    if (const std::size_t at = image.find('@'); at != std::string::npos) {
        reference.latest.digest = image.substr(at + 1);
        image.resize(at);
    }
    const std::size_t colon = image.rfind(':');
    // A colon before the last slash belongs to a port.
    const std::size_t last_slash = image.rfind('/');
    const bool tagged = colon != std::string::npos && (last_slash == std::string::npos || colon > last_slash);
    if (!tagged || colon == 0 || colon + 1 == image.size()) refuse(text, "has no NAME:TAG");
    reference.latest.name = image.substr(0, colon);
    reference.latest.tag = image.substr(colon + 1);
    return reference;
}

std::vector<policy::PolicyReference> read_image_file(const std::filesystem::path& path) {
    const std::string bytes = read_file(path, k_image_file_limit);
    rapidjson::Document root;
    root.Parse<rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag>(bytes.data(), bytes.size());
    if (root.HasParseError() || !root.IsArray()) {
        throw Error(ErrorKind::invalid,
                    fmt::format("reading {}: no JSON list of images: {}", path.string(),
                                root.HasParseError() ? rapidjson::GetParseError_En(root.GetParseError())
                                                     : "something else is in it"));
    }
    std::vector<policy::PolicyReference> references;
    for (const Json& entry : root.GetArray()) {
        try {
            references.push_back(reference_of(entry));
        } catch (const Error& error) {
            throw Error(ErrorKind::invalid,
                        fmt::format("reading {}: entry {}: {}", path.string(), references.size() + 1, error.what()));
        }
    }
    return references;
}

}  // namespace tidemark::mirror::cli
