#include "mirror/git/cache_bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tidemark::mirror::git {
namespace {

constexpr std::size_t k_checksum_bytes = 8;

/// Against damage, not against forgery: whoever can write here can write the mirror itself.
std::uint64_t checksum(std::string_view bytes) noexcept {
    constexpr std::uint64_t k_multiplier = 0x9e3779b97f4a7c15;
    std::uint64_t sum = bytes.size() * k_multiplier;
    while (!bytes.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(bytes.size(), sizeof word);
        std::memcpy(&word, bytes.data(), size);
        sum = (sum ^ word) * k_multiplier;
        sum ^= sum >> 29;
        bytes.remove_prefix(size);
    }
    return sum;
}

}  // namespace

void CacheWriter::number(std::uint64_t value) {
    for (; value >= 128; value >>= 7)
        m_bytes += static_cast<char>(value | 128);
    m_bytes += static_cast<char>(value);
}

void CacheWriter::text(std::string_view value) {
    number(value.size());
    m_bytes += value;
}

void CacheWriter::path(std::string_view value) {
    const auto [end, ignored] = std::mismatch(value.begin(), value.end(), m_path.begin(), m_path.end());
    const auto shared = static_cast<std::size_t>(end - value.begin());
    number(shared);
    text(value.substr(shared));
    m_path = value;
}

void CacheWriter::id(const ObjectId& value) {
    m_bytes.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
}

std::string CacheWriter::finish() {
    const std::uint64_t sum = checksum(m_bytes);
    m_bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    return std::move(m_bytes);
}

CacheReader::CacheReader(std::string_view bytes, std::string_view magic) {
    if (bytes.size() < magic.size() + k_checksum_bytes || !bytes.starts_with(magic)) return;
    const std::string_view body = bytes.substr(0, bytes.size() - k_checksum_bytes);
    std::uint64_t sum = 0;
    std::memcpy(&sum, bytes.data() + body.size(), sizeof sum);
    m_ok = sum == checksum(body);
    if (m_ok) m_rest = body.substr(magic.size());
}

std::uint64_t CacheReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::string_view byte = take(1);
        if (!m_ok) return 0;
        value |= (std::uint64_t{static_cast<unsigned char>(byte[0])} & 127) << shift;
        if ((static_cast<unsigned char>(byte[0]) & 128) == 0) return value;
    }
    m_ok = false;
    return 0;
}

std::size_t CacheReader::count(std::size_t size) {
    const std::uint64_t value = number();
    if (value > m_rest.size() / size) m_ok = false;
    return m_ok ? static_cast<std::size_t>(value) : 0;
}

std::string CacheReader::path() {
    const std::uint64_t shared = number();
    if (shared > m_path.size()) m_ok = false;
    if (!m_ok) return {};
    m_path.resize(static_cast<std::size_t>(shared));
    m_path += text();
    return m_path;
}

ObjectId CacheReader::id() {
    ObjectId value;
    const std::string_view bytes = take(value.bytes.size());
    if (m_ok) std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
    return value;
}

std::string_view CacheReader::take(std::uint64_t size) {
    if (!m_ok || size > m_rest.size()) {
        m_ok = false;
        return {};
    }
    const std::string_view bytes = m_rest.substr(0, static_cast<std::size_t>(size));
    m_rest.remove_prefix(bytes.size());
    return bytes;
}

}  // namespace tidemark::mirror::git
