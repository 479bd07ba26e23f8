// `notifications:` of the configuration: who is told of what happens.
//
//   notifications:
//     - name: ops
//       kind: slack                                     # webhook, slack, mattermost, matrix, ntfy, mail
//       secretRef: {namespace: tidemark, name: ops}     # slack, mattermost: its key `address` is the whole URL
//       severity: warning                               # and what is worse
//       objects: [flux-system/web, "apps/*"]
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/yaml/fields.h"

namespace tidemark::mirror {

enum class SinkKind { webhook, slack, mattermost, matrix, ntfy, mail };
std::string_view to_string(SinkKind kind) noexcept;

/// How bad a thing is at least.
enum class LeastSeverity { info, warning, error };

/// What a sink is told of. What is empty lets everything through.
struct SinkFilter {
    LeastSeverity severity = LeastSeverity::info;
    std::set<std::string> reasons;
    std::set<policy::ObjectKind> kinds;
    std::vector<policy::ObjectKey> objects;  // the name "*" stands for all of a namespace
};

struct SinkSettings {
    std::string name;
    SinkKind kind = SinkKind::webhook;
    /// Where to: a URL without a login. Empty: the Secret's key `address`.
    std::string address;
    std::optional<policy::ObjectKey> secret_ref;
    std::string room;             // matrix
    std::string topic;            // ntfy
    std::string from;             // mail
    std::vector<std::string> to;  // mail
    bool starttls = true;         // mail by smtp://
    std::string template_text;    // empty: our own words
    SinkFilter filter;
    policy::Place place;
};

/// Reads the list; what is wrong goes to the fields' report. Secrets and templates are not looked at.
std::vector<SinkSettings> read_notifications(policy::yaml::Fields& root);

}  // namespace tidemark::mirror
