// The markers of a plain folder set to given values, without Git: the work of `tidemark set`.
// Which files are read: conformance/README.md "Which policies, which files"; .git is never entered, and no link
// is followed out of the folder. Threads are used inside; calls for different folders may run side by side.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "policy/setters/setters.h"

namespace tidemark::mirror::manifests {

struct SetOptions {
    bool dry_run = false;
    /// 0 chooses by the number of files and processors.
    unsigned threads = 0;
};

/// All paths are relative to the update path (to its folder, if it is a file), in the order of the walk: names
/// sorted by bytes within each folder.
struct SetReport {
    std::vector<policy::Change> changes;
    /// Markers left alone, files that could not be read or written (errors), and why.
    policy::Findings findings;
    std::vector<std::string> files_read;         // hold the marker's text and could be read as YAML
    std::vector<std::string> problem_files;      // hold it and could not, or could not be written
    std::set<std::string, std::less<>> setters;  // those of the values that some marker names, changed or not
    std::size_t files_seen = 0;                  // by their name
    std::size_t files_written = 0;               // would be written, in a dry run
};

/// `update_path` is resolved within `folder`: neither ".." nor a link leads out of it; empty means all.
/// A changed file appears whole or not at all, with its mode and owner; without sync to disk, since a person who
/// loses power runs the command again. One bad file does not stop the others.
/// Throws Error{not_found} if the folder or the update path is missing, Error{storage} if it cannot be listed.
SetReport set_folder(const std::filesystem::path& folder, const std::string& update_path,
                     const policy::SetterValues& values, const SetOptions& options = {});

}  // namespace tidemark::mirror::manifests
