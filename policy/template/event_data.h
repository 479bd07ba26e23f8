// What the template of a notification sees: one event, as a structure with these names. `.Details` is a list,
// `.Facts` a map (image, old, new, digest, branch, commit ...); all else is text but `.Count`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "policy/template/context.h"

namespace tidemark::policy {

struct EventData {
    std::string severity;  // "info", "warning", "error"
    std::string kind;      // "ImagePolicy"; empty: the service itself
    std::string object_namespace;
    std::string name;
    std::string reason;  // "Pushed"
    std::string message;
    std::string who;   // empty: Tidemark itself
    std::string time;  // RFC 3339
    std::vector<std::string> details;
    std::map<std::string, std::string> facts;
    std::int64_t count = 1;  // how many of a kind it stands for
};

namespace message {

/// The values refer to `data`, which must outlive the context.
Value make_event_data(Context& context, const EventData& data);

}  // namespace message

}  // namespace tidemark::policy
