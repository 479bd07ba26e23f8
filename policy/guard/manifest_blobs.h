// The push's manifests, read through the view and charged to the limits. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/guard/judge.h"

namespace tidemark::policy::guard {

/// What the bump reads of a manifest in a repository: a larger one has no markers for it.
inline constexpr std::size_t k_max_manifest_bytes = std::size_t{8} << 20;

bool is_regular_file(std::uint32_t mode) noexcept;

class ManifestBlobs {
public:
    ManifestBlobs(RepositoryView& view, const Limits& limits) : m_view(view), m_limits(limits) {}

    /// One more file of the push is going to be read. Throws LimitReached.
    void charge_file();
    /// Nothing if it is larger than the bump reads. Throws LimitReached.
    std::optional<std::string> find(const std::string& id);
    /// A blob that was charged before; "" if it cannot be had again.
    std::string find_again(const std::string& id);

private:
    RepositoryView& m_view;
    Limits m_limits;
    std::size_t m_files = 0;
    std::size_t m_bytes = 0;
};

}  // namespace tidemark::policy::guard
