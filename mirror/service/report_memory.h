// What of the passes' reports is news: a reason is told when it begins and when it ends, not at each interval. Keeps
// the last outcome of each object. Belongs to the thread of the passes.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mirror/service/report.h"

namespace tidemark::mirror::service {

class ReportMemory {
public:
    /// Whether this line says something that the last one about the same object did not.
    bool is_news(const ReportLine& line);

    /// After a whole pass: what was said about the object files and is over, as lines to tell.
    std::vector<ReportLine> end_pass();

    /// Objects that are no more: what was wrong with them is forgotten.
    void keep_only(const std::set<std::string>& objects);

    /// How many objects and files are not ready.
    std::size_t failing() const noexcept;

private:
    struct Last {
        Outcome outcome = Outcome::same;
        std::string text;  // comparable()
    };
    using Name = std::pair<Step, std::string>;
    std::map<Name, Last> m_last;
    std::size_t m_failed = 0;                // of m_last
    std::map<Name, std::string> m_begun;     // what was begun and did not end well since
    std::map<std::string, Outcome> m_files;  // of Step::objects, by text
    std::set<std::string> m_files_seen;      // in this pass
};

/// The text without what differs from one time to the next: "after 3 ms", "in 17 seconds", "9898 bytes".
std::string comparable(const ReportLine& line);

}  // namespace tidemark::mirror::service
