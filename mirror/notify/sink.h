// A sink: where notices go, what it is told of, and in whose words. Made from the configuration; immutable, any thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "mirror/base/notification_settings.h"
#include "mirror/base/secrets.h"
#include "mirror/store/records.h"
#include "policy/base/finding.h"
#include "policy/template/template.h"

namespace tidemark::mirror::notify {

struct Sink {
    SinkSettings settings;
    std::optional<policy::MessageTemplate> words;  // unset: our own
};

using Sinks = std::vector<std::shared_ptr<const Sink>>;

/// Throws Error{invalid} for a template that cannot be used, as a sample shows: all of them, a line each.
Sinks make_sinks(const std::vector<SinkSettings>& settings);

/// Whether this event is for the sink.
bool wants(const SinkFilter& filter, const store::Event& event);

/// What keeps sinks from working: Secrets that are missing or lack a key. For `tidemark check`.
policy::Findings check_sinks(const std::vector<SinkSettings>& settings, const SecretStore& secrets);

}  // namespace tidemark::mirror::notify
