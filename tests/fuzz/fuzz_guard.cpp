// Any two files, parted by a line of "=": no crash, a file that did not change (or only moved) yields nothing, and
// neither does a rewrite of marked values.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/guard/file_pair.h"
#include "policy/setters/setters.h"
#include "tests/policy/guard/text_repository.h"

namespace {

using namespace tidemark::policy;
using namespace tidemark::policy::guard;

constexpr std::string_view k_between = "\n=====\n";

const SetterValues& values() {
    static const SetterValues s_values = make_setter_values(
        {{"ns", "app", {"r.example/app", "1.10", ""}},
         {"ns", "pin", {"x", "v2", "sha256:6745aaad46d795c9836632e1fb62f24b7e7f4c843144da8e47a5465c411a14be"}}});
    return s_values;
}

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t judged(const TextRepository::Files& before, const TextRepository::Files& after) {
    TextRepository git;
    const std::string old_tip = git.commit({}, before);
    const std::string new_tip = git.commit({old_tip}, after);
    git.set_branch("main", old_tip);
    judge_with(push_of("auto", old_tip, new_tip), automation_rules(), git);
    return judge_with(push_of("main", old_tip, new_tip), automation_rules(), git).findings.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t middle = bytes.find(k_between);
    const std::string before(bytes.substr(0, middle));
    const std::string after(middle == std::string_view::npos ? "" : bytes.substr(middle + k_between.size()));

    require(compare_manifests(before, before, MarkerRules::both).findings.empty());
    require(compare_manifests(after, after, MarkerRules::both).findings.empty());
    require(compare_manifests(before, after, MarkerRules::both).complete);
    judged({{"a.yaml", {before}}}, {{"b.yaml", {after}}});
    judged({{"a.yaml", {before}}, {"b.yaml", {after}}}, {{"a.yaml", {after}}, {"c.yaml", {before}}});

    const Result<Rewrite> rewrite = rewrite_markers(before, "a.yaml", values());
    if (!rewrite || rewrite->changes.empty() || !may_hold_markers(before)) return 0;
    require(compare_manifests(before, rewrite->bytes, MarkerRules::both).findings.empty());
    require(judged({{"a.yaml", {before}}}, {{"a.yaml", {rewrite->bytes}}}) == 0);
    return 0;
}
