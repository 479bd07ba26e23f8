// The object files as they were when they last had no error. A bad edit leaves what ran before running: the file's
// former text takes the place of the new one until that is mended.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/base/finding.h"
#include "policy/objects/objects.h"
#include "policy/objects/read.h"

namespace tidemark::mirror::service {

class LastGood {
public:
    /// Reads the texts; those with errors, and files named by an error of `unreadable`, are replaced in `texts` by what
    /// they were, where that is known. What is wrong with the replaced ones goes to `findings`. `origin` keeps apart
    /// files of the same name from different places.
    policy::ObjectSet read(const std::string& origin, std::vector<policy::SourceText>& texts,
                           const policy::Findings& unreadable, policy::Findings& findings);

private:
    std::map<std::string, std::map<std::string, std::string>> m_texts;  // by origin and file
};

}  // namespace tidemark::mirror::service
