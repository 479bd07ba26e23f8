#include "policy/guard/manifest_blobs.h"

#include <fmt/format.h>

namespace tidemark::policy::guard {

bool is_regular_file(std::uint32_t mode) noexcept {
    return (mode & 0170000U) == 0100000U;
}

void ManifestBlobs::charge_file() {
    if (++m_files > m_limits.files)
        throw LimitReached(fmt::format("the push changes more than {} manifests (limits.files)", m_limits.files));
}

std::optional<std::string> ManifestBlobs::find(const std::string& id) {
    std::optional<std::string> bytes = m_view.find_blob(id, k_max_manifest_bytes);
    m_bytes += bytes ? bytes->size() : 0;
    if (m_bytes > m_limits.bytes)
        throw LimitReached(
            fmt::format("the push changes more than {} bytes of manifests (limits.bytes)", m_limits.bytes));
    return bytes;
}

std::string ManifestBlobs::find_again(const std::string& id) {
    return m_view.find_blob(id, k_max_manifest_bytes).value_or("");
}

}  // namespace tidemark::policy::guard
