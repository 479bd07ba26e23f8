// Text that must never be printed. It has no conversion to a stream or a format, is overwritten when it goes,
// and gives its content only to a caller that says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace tidemark::mirror {

class SecretString {
public:
    SecretString() = default;
    explicit SecretString(std::string value) : m_value(std::move(value)) {}
    SecretString(const SecretString&) = default;
    SecretString(SecretString&& other) noexcept : m_value(std::move(other.m_value)) { other.wipe(); }
    SecretString& operator=(const SecretString& other) {
        if (this != &other) {
            wipe();
            m_value = other.m_value;
        }
        return *this;
    }
    SecretString& operator=(SecretString&& other) noexcept {
        if (this != &other) {
            wipe();
            m_value = std::move(other.m_value);
            other.wipe();
        }
        return *this;
    }
    ~SecretString() { wipe(); }

    bool empty() const noexcept { return m_value.empty(); }
    /// The content. Never hand it to a log, an error, an argument list or a URL.
    const std::string& reveal() const noexcept { return m_value; }
    bool operator==(const SecretString&) const = default;

private:
    void wipe() noexcept {
        volatile char* bytes = m_value.data();
        for (std::size_t i = 0; i < m_value.size(); ++i)
            bytes[i] = 0;
        m_value.clear();
    }
    std::string m_value;
};

}  // namespace tidemark::mirror
