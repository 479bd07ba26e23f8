#include "mirror/git/rewrite.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mirror/git/tree.h"

namespace tidemark::mirror::git {
namespace {

bool holds_other_values(const MarkedFile& file, const policy::SetterValues& values) {
    return std::any_of(file.values.begin(), file.values.end(), [&](const MarkedValue& marked) {
        const auto wanted = values.values.find(marked.setter);
        return wanted != values.values.end() && wanted->second != marked.value;
    });
}

policy::Finding left_alone(const std::string& file, const policy::Problem& problem) {
    policy::Finding finding;
    finding.place.file = file;
    finding.message = problem.message;
    finding.remedy = "the file is left as it is until this is mended";
    return finding;
}

/// Puts the changes to one file into `result`.
void rewrite_file(Repository& repository, const MarkedFile& file, const std::string& shown,
                  const policy::SetterValues& values, TreeRewrite& result) {
    auto rewrite = policy::rewrite_markers(repository.read_blob(file.blob), shown, values);
    if (!rewrite) {
        result.findings.push_back(left_alone(shown, rewrite.problem()));
        return;
    }
    std::move(rewrite->findings.begin(), rewrite->findings.end(), std::back_inserter(result.findings));
    if (rewrite->changes.empty()) return;
    result.files.push_back({file.path, file.blob, repository.write_blob(rewrite->bytes), file.mode});
    std::move(rewrite->changes.begin(), rewrite->changes.end(), std::back_inserter(result.changes));
}

policy::SetterValues without(const policy::SetterValues& values, const std::set<std::string>& held) {
    policy::SetterValues rest = values;
    for (const std::string& setter : held)
        rest.values.erase(setter);
    return rest;
}

}  // namespace

TreeRewrite rewrite_tree(Repository& repository, const MarkerIndex& index, const policy::SetterValues& values,
                         const HeldSetters& held) {
    TreeRewrite result;
    for (const MarkedFile& file : index.files()) {
        if (!holds_other_values(file, values)) continue;
        const std::string shown = index.relative(file.seen_as);
        if (const auto found = held.find(file.path); found != held.end()) {
            rewrite_file(repository, file, shown, without(values, found->second), result);
        } else {
            rewrite_file(repository, file, shown, values, result);
        }
    }
    std::vector<BlobReplacement> replacements;
    for (const RewrittenFile& file : result.files)
        replacements.push_back({file.path, file.after});
    result.tree = replace_blobs(repository, index.tree(), std::move(replacements));
    return result;
}

policy::Findings find_unknown_setters(const MarkerIndex& index, const policy::SetterValues& values) {
    policy::Findings findings;
    for (const MarkedFile& file : index.files()) {
        for (const MarkedValue& marked : file.values) {
            if (values.values.contains(marked.setter)) continue;
            policy::Finding& finding = findings.emplace_back();
            finding.severity = policy::Severity::warning;
            finding.place.file = index.relative(file.seen_as);
            finding.place.line = marked.line;
            finding.subject = marked.setter;
            finding.message = "the marker names what no policy of this automation offers";
            finding.remedy = "the value stays; check the namespace, the policy's name and the part after it";
        }
    }
    return findings;
}

}  // namespace tidemark::mirror::git
