// What forges send, and the Git URLs that lead to them. The bytes are taken as a list of requests, as a refusal, as a
// Link header and as a URL. Nothing may crash; what comes out is short and on one line, and no name climbs out of its
// path.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mirror/forge/answers.h"
#include "mirror/http/url.h"
#include "policy/forge/place.h"

namespace {

using namespace tidemark;
using namespace tidemark::mirror;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_text(std::string_view text, std::size_t limit) {
    require(text.size() <= limit);
    for (const char c : text)
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_answer(ForgeKind kind, std::string_view body) {
    const auto found = forge::find_in_answer(kind, body, {"acme/fleet", "bumps", "main"});
    if (!found || !*found) return;
    const forge::OpenRequest& request = **found;
    require(request.number > 0);
    check_text(request.title, 300);
    check_text(request.author, 100);
    check_text(request.url, 2048);
    require(request.url.empty() || http::parse_url(request.url));
}

void check_place(std::string_view url) {
    const auto place = policy::find_remote_place(url);
    if (!place) return;
    require(policy::forge_host(place->host) == place->host);
    for (const policy::Nesting nesting : {policy::Nesting::owner, policy::Nesting::groups}) {
        const auto name = policy::repository_on_forge(*place, "git", nesting);
        if (!name) continue;
        require(!name->starts_with("../") && name->find("/../") == std::string::npos && !name->ends_with("/.."));
        require(name->find_first_of("?#%:@\\ ") == std::string::npos && name->find('/') != std::string::npos);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const ForgeKind kind : {ForgeKind::gitea, ForgeKind::gitlab, ForgeKind::github})
        check_answer(kind, bytes);
    check_text(forge::refusal_words(bytes), 300);
    forge::has_next_page(bytes);
    check_place(bytes);
    return 0;
}
