// The objects of a configuration, wherever they are kept, checked against each other, and their Secrets.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "mirror/base/configuration.h"
#include "mirror/base/secrets.h"
#include "mirror/service/last_good.h"
#include "policy/objects/objects.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {

struct Workspace {
    policy::ObjectSet objects;
    SecretStore secrets;
    std::size_t folders = 0;
    std::size_t repositories = 0;
    std::string digest = {};  // of the texts: equal texts, equal digest
    /// A Git source was never fetched, so its objects are not there. Only with SourceProblems.
    bool incomplete = false;
    /// Whose `suspend` is not what the object says, but what a person said (suspensions.h).
    std::set<std::pair<policy::ObjectKind, policy::ObjectKey>> overruled = {};
};

enum class Fetch { no, yes };

/// Why Git sources could not be fetched the last time, by source_name().
using SourceProblems = std::map<std::string, std::string>;
std::string source_name(const GitObjects& source);

/// Reads the configuration's folders and, with `Fetch::yes`, its Git sources through the mirrors of the state folder,
/// whose lock the caller holds (session.h); without it those mirrors as they stand. Throws Error for what keeps all
/// objects from being read: a folder that is not there, a remote that does not answer and was never fetched.
/// With `last_good` files that have errors are read as they were before those. With `problems`, for Fetch::no, a source
/// that was never fetched is left out and named, and one whose last fetch failed is named; a damaged mirror is then
/// git::DamagedRepository.
Workspace load_workspace(const Configuration& configuration, Fetch fetch, LastGood* last_good = nullptr,
                         const std::stop_token& stop = {}, const SourceProblems* problems = nullptr);

/// The source in the words of a GitRepository, so that it is opened like any other.
policy::GitRepository as_repository(const GitObjects& source);

/// The texts that a Workspace is read from, folders first. Throws as load_workspace.
std::vector<policy::SourceText> read_object_texts(const Configuration& configuration, Fetch fetch);

}  // namespace tidemark::mirror::service
