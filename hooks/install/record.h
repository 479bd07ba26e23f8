// What was installed, in a file beside the rules (/etc/tidemark/hook.installed.yaml), so that verify, its --repair, list
// and remove need not be told again. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hooks/install/installation.h"

namespace tidemark::hooks {

struct Record {
    std::vector<Installation> installations;
    /// Whether install made the file of rules and nobody edited it since: then the last remove takes it away.
    bool made_rules = false;
};

std::filesystem::path record_file(const std::filesystem::path& rules);

/// A missing file is an empty record. The record is written after the rules: newer rules were edited. Throws Error{invalid|permission|storage}.
Record read_record(const std::filesystem::path& rules);

/// The file's text.
std::string format_record(const Record& record);

/// An empty record removes the file.
void write_record(const std::filesystem::path& rules, const Record& record);

}  // namespace tidemark::hooks
