// One manifest before and after a push: markers that were lost, changed, or cannot work. Exactly the markers that the
// bump sees (policy/setters). Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/guard/field_tree.h"
#include "policy/guard/rules.h"

namespace tidemark::policy::guard {

/// Larger files are compared by the text of their lines: as YAML they may take thirty times their size.
inline constexpr std::size_t k_max_parsed_bytes = std::size_t{512} << 10;

/// What a GuardFinding says of one marker.
struct MarkerFinding {
    RuleId rule = RuleId::marker_removed;
    std::size_t line = 0;  // in the new file
    std::string subject;
    std::string text;
    std::string was;
    std::string is;
    std::string setter;
    std::string value;
};

enum class MarkerRules { losses, broken, both };

/// Findings sorted by line; none for equal files. Of each rule, those beyond k_max_findings only have their line.
struct MarkerComparison {
    std::vector<MarkerFinding> findings;
    bool complete = true;  // false: more marked lines than can be compared, so that this is no judgement
};
MarkerComparison compare_manifests(std::string_view before, std::string_view after, MarkerRules rules);

/// Markers of a file that was not there before, and cannot work.
std::vector<MarkerFinding> check_new_manifest(std::string_view bytes);

/// The losses of a tree as findings, sorted by file and line, each with its file's number on the side after. `bytes`
/// answers a file by side and number; an empty answer leaves out what needs the text.
using FileBytes = std::function<std::string_view(Side side, std::size_t file)>;
struct DescribedLoss {
    MarkerFinding finding;
    std::size_t before = 0;
    std::size_t after = 0;
};
std::vector<DescribedLoss> describe_losses(const FieldTree& tree, const FileBytes& bytes);

}  // namespace tidemark::policy::guard
