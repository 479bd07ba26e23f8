// Messages to /hook/<receiver>. The first byte chooses the sender, the first line is given as every header that is
// looked at, the rest is the body; every such message is also read as if its secret were right. Nothing may crash, and
// what comes out is bounded: names of images, each once, none longer than a name may be.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy/receiver/payload.h"
#include "policy/receiver/proof.h"

namespace {

using namespace tidemark::policy::receiver;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Kind kind = *find_kind(kind_words()[data[0] % kind_words().size()]);
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    Message message;
    for (const std::string_view name : {"Authorization", "X-Gitlab-Token", "X-Hub-Signature-256", "X-Gitea-Signature",
                                        "X-Signature", "X-Tidemark-Timestamp", "X-GitHub-Event", "X-Gitea-Event"})
        message.headers.emplace_back(name, line);
    message.query_token = line;
    message.body = text.substr(std::min(end + 1, text.size()));

    const std::chrono::sys_seconds now{std::chrono::seconds(1'790'000'000)};
    const Proof proof = check_proof(kind, "a secret that no input holds", message, now);
    require(!proof.valid && proof.signed_content.empty());

    const Payload payload = read_payload(kind, message);
    require((payload.meaning == Payload::Meaning::images) == !payload.images.empty());
    require(payload.images.size() <= k_image_limit);
    for (const ImageName& image : payload.images) {
        require(!image.repository.empty() && image.repository.size() <= 1100);
        require(std::count(payload.images.begin(), payload.images.end(), image) == 1);
    }
    return 0;
}
