// Events as texts: what a template sees of them, and what people read where there is none. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mirror/store/records.h"
#include "policy/template/clean_text.h"
#include "policy/template/event_data.h"

namespace tidemark::mirror::notify {

/// What is to be told: the newest of `count` events of a kind.
struct Notice {
    std::string key;  // the same for each try and for no other notice: receivers tell repetitions by it
    store::Event event;
    unsigned count = 1;
};

using policy::clean_text;

std::string base64(std::string_view text);

/// As templates see it, each text cleaned.
policy::EventData event_data(const Notice& notice);

/// "flux-system/web: PushRefused"; for the service itself "tidemark: Started".
std::string title_of(const policy::EventData& data);
/// The message, how often, and the facts, a line each; then the details.
std::string body_of(const policy::EventData& data);

/// Without what Slack takes for links, mentions and entities.
std::string escape_slack(std::string_view text);
/// As Slack's, and without what Mattermost takes for links, code and mentions.
std::string escape_mattermost(std::string_view text);

/// Every text of it through `escape`.
policy::EventData escaped(policy::EventData data, std::string (*escape)(std::string_view));

/// An event to try sinks and templates with.
Notice sample_notice();

}  // namespace tidemark::mirror::notify
