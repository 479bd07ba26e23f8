// The annotations by which an ImagePolicy in Git says that a tag stays.
#include <fmt/format.h>

#include "policy/base/timestamp.h"
#include "policy/image/reference.h"
#include "policy/objects/read.h"
#include "policy/objects/read_kinds.h"

namespace tidemark::policy {
namespace {

constexpr std::string_view k_pin = "tidemark/pin";
constexpr std::string_view k_reason = "tidemark/pin-reason";
constexpr std::string_view k_until = "tidemark/pin-until";
constexpr std::size_t k_reason_bytes = 1024;

/// The annotation's value; nullptr if it is not there, or not text, which was said when the map was read.
const std::string* find_text(const ImagePolicy& policy, std::string_view name) {
    const auto found = policy.metadata.annotations.find(std::string(name));
    return found == policy.metadata.annotations.end() ? nullptr : &found->second;
}

}  // namespace

bool is_known_annotation(std::string_view kind, std::string_view annotation) noexcept {
    return kind == "ImagePolicy" && (annotation == k_pin || annotation == k_reason || annotation == k_until);
}

bool is_tag(std::string_view text) {
    const auto reference = parse_image_reference(fmt::format("registry.example/image:{}", text));
    return reference && reference->kind == IdentifierKind::tag && reference->identifier == text;
}

void read_pin(ImagePolicy& policy, yaml::Fields& root) {
    const std::string* tag = find_text(policy, k_pin);
    const std::string* reason = find_text(policy, k_reason);
    const std::string* until = find_text(policy, k_until);
    if (!tag && !reason && !until) return;
    const yaml::Node* annotations = root.node().find("metadata")->find("annotations");
    const auto node_of = [&](std::string_view name) -> const yaml::Node& { return *annotations->find(name); };
    yaml::Report& report = root.report();
    if (!tag) {
        const std::string_view name = reason ? k_reason : k_until;
        report.warning(node_of(name), fmt::format("annotation {} has no effect without {}", name, k_pin));
        return;
    }
    if (!is_tag(*tag)) {
        report.error(node_of(k_pin), fmt::format("annotation {} is no tag: \"{}\"", k_pin, *tag),
                     fmt::format("e.g. {}: \"1.25.1\"", k_pin));
        return;
    }
    PinAnnotation pin{*tag, "", std::nullopt};
    if (reason) pin.reason = reason->substr(0, k_reason_bytes);
    if (until) {
        const Result<std::chrono::sys_seconds> time = parse_timestamp(*until);
        if (!time) {
            report.error(node_of(k_until), fmt::format("annotation {}: {}", k_until, time.message()));
            return;
        }
        pin.until = *time;
    }
    policy.pin = std::move(pin);
}

}  // namespace tidemark::policy
