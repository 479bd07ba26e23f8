// Commit message templates: Go's text/template with the functions Flux allows, for spec.git.commit.messageTemplate.
// `.AutomationObject`, `.Changed` and `.Values` are Flux's data of today; `.Updated` and `.Changed.ImageResult`, which
// Flux 1 removed, are served beside them, because people's objects still use them.
// The templates of notifications are of the same language, with an event as their data (event_data.h).
// Rules: conformance/README.md "Commit message templates"; tests/conformance/differences.md names what differs.
// A parsed template may be rendered by several threads at once; rendering is bounded by RenderLimits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/setters/setters.h"

namespace tidemark::policy {

struct EventData;
namespace message {
class Context;
class Value;
struct ParsedTemplate;
}  // namespace message

/// What a policy chose, for `.Updated`: an image of an object is that of its setter's policy.
struct ImageUpdate {
    std::string policy;     // "namespace/name"
    std::string reference;  // "ghcr.io/acme/web:1.2.3"
};

struct MessageData {
    std::string automation_namespace;
    std::string automation_name;
    std::vector<Change> changes;  // in any order across objects; within an object as found in the file
    std::map<std::string, std::string> values;
    std::vector<ImageUpdate> images;
};

struct RenderLimits {
    std::size_t output_bytes = std::size_t{1} << 20;
    std::size_t memory_bytes = std::size_t{64} << 20;  // all values made on the way
    std::uint64_t steps = 5'000'000;                   // about a second at most
    std::size_t depth = 1'000;                         // templates, blocks and parentheses within one another
};

/// What an empty template stands for.
inline constexpr std::string_view k_default_message = "Update from image update automation";

class MessageTemplate {
public:
    /// At most 256 KiB. A Problem's position is the byte offset where the template is wrong, unknown functions
    /// included. Nothing else can be told before it runs. An empty one is k_default_message.
    static Result<MessageTemplate> parse(std::string_view text);

    /// The message as it is, nothing trimmed. A Problem (a wrong field or argument, `fail`, a limit) means no message.
    Result<std::string> render(const MessageData& data, const RenderLimits& limits = {}) const;
    Result<std::string> render_event(const EventData& data, const RenderLimits& limits = {}) const;

private:
    template <class MakeRoot>
    Result<std::string> render_with(const MakeRoot& make_root, const RenderLimits& limits) const;
    explicit MessageTemplate(std::shared_ptr<const message::ParsedTemplate> parsed) : m_parsed(std::move(parsed)) {}
    std::shared_ptr<const message::ParsedTemplate> m_parsed;
};

}  // namespace tidemark::policy
