#include "mirror/base/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "mirror/base/error.h"

namespace tidemark::mirror {

TemporaryFolder::TemporaryFolder(std::string_view purpose) {
    const std::filesystem::path parent = std::filesystem::temp_directory_path();
    std::string name = (parent / fmt::format("tidemark-{}-XXXXXX", purpose)).string();
    if (::mkdtemp(name.data()) == nullptr)
        throw Error(ErrorKind::storage,
                    fmt::format("making a temporary folder in {}: {}", parent.string(), describe_errno(errno)));
    m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

}  // namespace tidemark::mirror
