// One thing that an installation does, so that --dry-run shows what a real run performs.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace tidemark::hooks {

struct Step {
    std::string what;     // "write /srv/git/fleet.git/hooks/pre-receive (mode 0755, owner git)"
    std::string content;  // of the file that is written; empty for other steps
    std::function<void()> perform;
};
using Steps = std::vector<Step>;

}  // namespace tidemark::hooks
