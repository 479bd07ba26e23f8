#include "mirror/notify/text.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "policy/base/timestamp.h"

namespace tidemark::mirror::notify {
namespace {

constexpr std::size_t k_text_limit = 2000;
constexpr std::size_t k_details_limit = 20;

std::string_view to_string(store::Severity severity) {
    switch (severity) {
        case store::Severity::info:
            return "info";
        case store::Severity::warning:
            return "warning";
        case store::Severity::error:
            return "error";
    }
    return "";
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

}  // namespace

std::string base64(std::string_view text) {
    std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return encoded;
}

policy::EventData event_data(const Notice& notice) {
    const store::Event& event = notice.event;
    const auto clean = [](std::string_view text) { return clean_text(text, k_text_limit); };
    policy::EventData data;
    data.severity = to_string(event.severity);
    if (event.kind) data.kind = policy::kind_name(*event.kind);
    data.object_namespace = clean(event.object.object_namespace);
    data.name = clean(event.object.name);
    data.reason = clean(event.reason);
    data.message = clean(event.message);
    data.who = clean(event.who);
    data.time = policy::format_timestamp(event.time);
    for (const std::string& line : event.details) {
        if (data.details.size() == k_details_limit) break;
        data.details.push_back(clean(line));
    }
    for (const auto& [key, value] : event.facts)
        data.facts.emplace(clean(key), clean(value));
    data.count = notice.count;
    return data;
}

std::string title_of(const policy::EventData& data) {
    const std::string object = data.name.empty() ? "tidemark" : data.object_namespace + "/" + data.name;
    return fmt::format("{}: {}", object, data.reason);
}

std::string body_of(const policy::EventData& data) {
    std::string text = data.message;
    if (data.count > 1) text += fmt::format(" ({} times)", data.count);
    if (!data.who.empty()) text += fmt::format("\nby {}", data.who);
    for (const auto& [key, value] : data.facts)
        text += fmt::format("\n{}: {}", key, value);
    for (const std::string& line : data.details)
        text += fmt::format("\n> {}", line);
    return text;
}

std::string escape_slack(std::string_view text) {
    std::string escaped(text);
    replace_all(escaped, "&", "&amp;");
    replace_all(escaped, "<", "&lt;");
    replace_all(escaped, ">", "&gt;");
    return escaped;
}

std::string escape_mattermost(std::string_view text) {
    std::string escaped = escape_slack(text);
    for (const std::string_view mark : {"\\", "[", "]", "`"})
        replace_all(escaped, mark, std::string("\\").append(mark));
    // A blank without width after the @: nobody is called, and the word looks the same.
    for (const std::string_view everybody : {"all", "channel", "here"})
        replace_all(escaped, std::string("@").append(everybody), std::string("@\u200b").append(everybody));
    return escaped;
}

policy::EventData escaped(policy::EventData data, std::string (*escape)(std::string_view)) {
    for (std::string* text : {&data.object_namespace, &data.name, &data.reason, &data.message, &data.who})
        *text = escape(*text);
    for (std::string& line : data.details)
        line = escape(line);
    for (auto& [key, value] : data.facts)
        value = escape(value);
    return data;
}

Notice sample_notice() {
    Notice notice;
    notice.event.time = std::chrono::sys_seconds(std::chrono::seconds(1'790'000'000));
    notice.event.severity = store::Severity::info;
    notice.event.kind = policy::ObjectKind::image_update_automation;
    notice.event.object = {"flux-system", "sample"};
    notice.event.reason = "Sample";
    notice.event.message = "this is a sample of a notification; nothing happened";
    notice.event.who = "tidemark notify test";
    notice.event.details = {"what a Git host says to a push stands here"};
    notice.event.facts = {{"image", "ghcr.io/acme/web"}, {"old", "1.2.3"}, {"new", "1.2.4"}};
    return notice;
}

}  // namespace tidemark::mirror::notify
