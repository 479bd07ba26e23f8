// What registries send: tag lists, and the small texts around them (error bodies, tokens, challenges, links). The
// bytes are given to each reader. Nothing may crash or read beyond the body; every tag that comes out must be one, lie
// within the body, and come out again in the same way.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "mirror/http/client.h"
#include "mirror/registry/answers.h"

namespace {

using namespace tidemark::mirror;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_tag_list(std::string_view body) {
    static registry::TagListReader reader;
    std::vector<std::string_view> tags = {"before"};
    const auto page = reader.read(body, tags);
    require(tags.front() == "before");
    if (!page) return require(tags.size() == 1);
    require(tags.size() == 1 + page->tags);
    for (std::size_t i = 1; i < tags.size(); ++i) {
        require(registry::is_tag(tags[i]));
        require(tags[i].data() > body.data() && tags[i].data() + tags[i].size() < body.data() + body.size());
    }
    std::vector<std::string_view> again = {"before"};
    require(reader.read(body, again).ok() && again == tags);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Exactly the padding that the HTTP client gives, so that the sanitizer sees one byte too many.
    const std::unique_ptr<char[]> bytes(new char[size + http::k_body_padding]());
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(data[i]);
    const std::string_view body(bytes.get(), size);
    check_tag_list(body);
    const auto words = registry::error_words(body);
    for (const char c : words)
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    static_cast<void>(registry::read_token(body));
    static_cast<void>(registry::choose_challenge({body}));
    static_cast<void>(registry::next_query(body));
    return 0;
}
