// Any bytes rewritten: nothing but marked scalars differs, the proof holds, and the second time nothing is left.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/setters/setters.h"

namespace {

using namespace tidemark::policy;

const SetterValues& values() {
    static const SetterValues s_values = make_setter_values(
        {{"ns", "app", {"r.example/app", "1.10", ""}},
         {"ns", "pin", {"x", "v2", "sha256:6745aaad46d795c9836632e1fb62f24b7e7f4c843144da8e47a5465c411a14be"}}});
    return s_values;
}

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Result<MarkerScan> markers = find_markers(bytes, "f.yaml");
    const Result<Rewrite> rewrite = rewrite_markers(bytes, "f.yaml", values());
    require(markers.ok() || !rewrite.ok());
    if (!rewrite || rewrite->changes.empty()) return 0;
    require(rewrite->changes.size() <= markers->scalars.size());
    require(only_marked_scalars_differ(bytes, rewrite->bytes));
    const Result<Rewrite> again = rewrite_markers(rewrite->bytes, "f.yaml", values());
    require(again.ok() && again->changes.empty());
    return 0;
}
