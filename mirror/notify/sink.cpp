#include "mirror/notify/sink.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/notify/outgoing.h"

namespace tidemark::mirror::notify {
namespace {

/// Why the template cannot be used; empty: it can.
std::string find_template_problem(const SinkSettings& settings, std::optional<policy::MessageTemplate>& words) {
    auto parsed = policy::MessageTemplate::parse(settings.template_text);
    if (!parsed) {
        const std::string place =
            parsed.problem().position ? fmt::format(" (at byte {})", *parsed.problem().position) : "";
        return parsed.message() + place;
    }
    words = std::move(parsed).value();
    try {
        compose_text(Sink{settings, words}, sample_notice());
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

std::string name_of(const SinkSettings& settings) {
    return "notification " + settings.name;
}

}  // namespace

Sinks make_sinks(const std::vector<SinkSettings>& settings) {
    Sinks sinks;
    std::string problems;
    for (const SinkSettings& one : settings) {
        auto sink = std::make_shared<Sink>();
        sink->settings = one;
        if (!one.template_text.empty()) {
            if (const std::string problem = find_template_problem(one, sink->words); !problem.empty())
                problems += fmt::format("\n{}: {}: its template cannot be used: {}", policy::to_string(one.place),
                                        name_of(one), problem);
        }
        sinks.push_back(std::move(sink));
    }
    if (!problems.empty()) throw Error(ErrorKind::invalid, "the configuration cannot be used" + problems);
    return sinks;
}

bool wants(const SinkFilter& filter, const store::Event& event) {
    if (static_cast<int>(event.severity) < static_cast<int>(filter.severity)) return false;
    if (!filter.reasons.empty() && !filter.reasons.contains(event.reason)) return false;
    if (!filter.kinds.empty() && !(event.kind && filter.kinds.contains(*event.kind))) return false;
    return filter.objects.empty() ||
           std::any_of(filter.objects.begin(), filter.objects.end(), [&](const policy::ObjectKey& key) {
               return key.object_namespace == event.object.object_namespace &&
                      (key.name == "*" ? !event.object.name.empty() : key.name == event.object.name);
           });
}

policy::Findings check_sinks(const std::vector<SinkSettings>& settings, const SecretStore& secrets) {
    policy::Findings findings;
    for (const SinkSettings& one : settings) {
        try {
            compose(*make_sinks({one}).front(), sample_notice(), secret_values(one, secrets), {});
        } catch (const Error& error) {
            findings.push_back({policy::Severity::error, one.place, name_of(one), error.what(), ""});
        }
    }
    return findings;
}

}  // namespace tidemark::mirror::notify
