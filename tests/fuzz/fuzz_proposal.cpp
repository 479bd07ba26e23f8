// Any bytes looked through for images, and markers put on what can have one: nothing but comments at line ends comes
// in, each new marker is found again, and the second time there is nothing to add.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/proposal/add_markers.h"
#include "policy/proposal/proposal.h"
#include "policy/proposal/tag_rule.h"

namespace {

using namespace tidemark::policy;
using namespace tidemark::policy::proposal;

void require(bool holds) {
    if (!holds) std::abort();
}

std::vector<NewMarker> markers_for(const std::vector<ImageUse>& uses) {
    std::vector<NewMarker> markers;
    for (const ImageUse& use : uses) {
        if (use.setter.empty() && use.obstacle.empty())
            markers.push_back({use, use.part == MarkedPart::tag ? "ns:app:tag" : "ns:app"});
    }
    return markers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const FileUses found = find_image_uses(bytes, "f.yaml");
    Wish wish;
    wish.url = "https://git.example/fleet.git";
    wish.push_branch = "updates";
    propose(found.uses, {}, wish);
    rule_for_tag(bytes.substr(0, 128));

    const std::vector<NewMarker> markers = markers_for(found.uses);
    const auto marked = add_markers(bytes, markers);
    if (!marked || markers.empty()) return 0;
    std::size_t grown = 0;
    for (const NewMarker& marker : markers)
        grown += marker.setter.size() + std::string_view("# {\"$imagepolicy\": \"\"}").size();
    require(marked->size() >= size + grown && marked->size() <= size + grown + markers.size());
    const FileUses again = find_image_uses(*marked, "f.yaml");
    require(again.uses.size() == found.uses.size());
    require(markers_for(again.uses).empty());
    return 0;
}
