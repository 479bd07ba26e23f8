// What a command touches of the process it runs in: three streams and the environment. Handed in by main and by
// tests, so that a command runs in-process like any function. C streams: `policy test` must not pay for iostreams.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/store/status.h"
#include "policy/objects/objects.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::cli {

struct GlobalOptions;
class Control;

struct Streams {
    std::FILE* in = nullptr;
    std::FILE* out = nullptr;  // tables and data
    std::FILE* err = nullptr;  // messages
};

/// What is known about an object; nothing if it was never worked on.
using StatusLookup =
    std::function<std::optional<store::ObjectStatus>(policy::ObjectKind kind, const policy::ObjectKey& key)>;

struct Environment {
    std::map<std::string, std::string, std::less<>> variables;
    /// Where `get` and `export` take objects and their status from; unset: the configuration's places and the state.
    std::function<policy::ObjectSet(const GlobalOptions&)> read_objects;
    std::function<std::vector<policy::SourceText>(const GlobalOptions&)> read_texts;
    std::function<StatusLookup(const GlobalOptions&)> open_status;
    /// Who carries out commands; unset: the running service, or this process on the state.
    std::function<std::shared_ptr<Control>(const GlobalOptions&)> open_control;

    /// The variable's value; empty if it is not set.
    std::string_view get(std::string_view name) const noexcept {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string_view() : std::string_view(found->second);
    }
};

}  // namespace tidemark::mirror::cli
