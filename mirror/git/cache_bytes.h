// The bytes of our cache files: numbers, texts, paths and object ids behind a magic line, with a checksum at the
// end. Internal. Damaged, cut or foreign bytes read as "not ok", never as something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mirror/git/object_id.h"

namespace tidemark::mirror::git {

class CacheWriter {
public:
    explicit CacheWriter(std::string_view magic) : m_bytes(magic) {}

    void number(std::uint64_t value);
    void text(std::string_view value);
    /// A path that probably begins like the one before it.
    void path(std::string_view value);
    void id(const ObjectId& value);
    /// All bytes, with the checksum.
    std::string finish();

private:
    std::string m_bytes;
    std::string m_path;
};

/// Reads what CacheWriter wrote. After the first thing that does not fit all reads are empty and ok() is false.
class CacheReader {
public:
    CacheReader(std::string_view bytes, std::string_view magic);

    bool ok() const noexcept { return m_ok; }
    /// Everything fitted and was read.
    bool at_end() const noexcept { return m_ok && m_rest.empty(); }

    std::uint64_t number();
    /// A count of things that take at least `size` bytes each, so that a lie allocates nothing.
    std::size_t count(std::size_t size);
    std::string_view text() { return take(number()); }
    std::string path();
    ObjectId id();

private:
    std::string_view take(std::uint64_t size);

    std::string_view m_rest;
    std::string m_path;
    bool m_ok = false;
};

}  // namespace tidemark::mirror::git
