// Times choosing a tag from a list: bench_selection FILE, one tag a line (gunzip the lists of shared/bench first).
// Each figure is the least processor time of 21 runs: compiling the policy and choosing, without and with a trace.
// Flux's own code needs 86-142 ms for the semver rows and 46-61 ms for filter and numerical (facts/baselines.md).
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "policy/selection/selection.h"

namespace {

using namespace tidemark::policy;

constexpr int k_runs = 21;

/// Processor time of this thread, so that a busy machine does not count.
double milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Work>
double best_milliseconds(Work&& work) {
    double best = 1e9;
    for (int i = 0; i < k_runs; ++i) {
        const double begin = milliseconds();
        work();
        best = std::min(best, milliseconds() - begin);
    }
    return best;
}

std::vector<std::string_view> lines(std::string_view text) {
    std::vector<std::string_view> list;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        list.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return list;
}

struct Row {
    const char* name;
    SelectionSpec spec;
};

std::vector<Row> rows() {
    const TagFilter timestamp{"^main-[a-f0-9]{7}-(?P<ts>[0-9]+)$", "$ts"};
    const TagFilter rebuilt{"^main-[a-f0-9]{7}-(?P<ts>[0-9]+)$", "1.0.$ts"};
    return {
        {"semver >=1.0.0 <8.0.0", {{}, SemverChoice{">=1.0.0 <8.0.0"}, {}, {}}},
        {"semver ^3", {{}, SemverChoice{"^3"}, {}, {}}},
        {"semver >=2.0.0-0 <3.0.0-0 || ~5.10", {{}, SemverChoice{">=2.0.0-0 <3.0.0-0 || ~5.10"}, {}, {}}},
        {"filter main-sha-ts, numerical", {timestamp, {}, {}, NumericalChoice{"asc"}}},
        {"filter main-sha-ts rebuilt, semver", {rebuilt, SemverChoice{"*"}, {}, {}}},
        {"filter ^main-, alphabetical", {TagFilter{"^main-", ""}, {}, AlphabeticalChoice{"asc"}, {}}},
        {"alphabetical", {{}, {}, AlphabeticalChoice{"asc"}, {}}},
    };
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        fmt::print(stderr, "usage: bench_selection FILE\n");
        return 1;
    }
    std::ostringstream bytes;
    bytes << std::ifstream(arguments[1], std::ios::binary).rdbuf();
    const std::string text = bytes.str();
    const auto tags = lines(text);
    fmt::print("{} tags\n{:<40} {:>9} {:>9}  {}\n", tags.size(), "policy", "choose ms", "traced ms", "answer");
    for (const Row& row : rows()) {
        std::string answer;
        const double plain = best_milliseconds([&] {
            const auto choice = Selection::compile(row.spec).value().choose(tags, TagOrder::any);
            const auto* selected = std::get_if<Selected>(&choice);
            answer = selected ? selected->tag : std::get<NotSelected>(choice).message;
        });
        SelectionTrace trace;
        const double traced =
            best_milliseconds([&] { Selection::compile(row.spec).value().choose(tags, trace, TagOrder::any); });
        fmt::print("{:<40} {:>9.2f} {:>9.2f}  {}\n", row.name, plain, traced, answer);
    }
    return 0;
}
