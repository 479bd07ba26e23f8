// A command run in-process, with what it wrote.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "mirror/cli/run.h"

namespace tidemark::tests {

struct Invocation {
    int exit = 0;
    std::string out;
    std::string err;
};

/// A stream into memory.
class TextStream {
public:
    TextStream() : m_stream(::open_memstream(&m_bytes, &m_size)) {}
    ~TextStream() {
        std::fclose(m_stream);
        std::free(m_bytes);
    }
    TextStream(const TextStream&) = delete;
    TextStream& operator=(const TextStream&) = delete;

    std::FILE* get() const noexcept { return m_stream; }
    std::string text() const {
        std::fflush(m_stream);
        return {m_bytes, m_size};
    }

private:
    char* m_bytes = nullptr;
    std::size_t m_size = 0;
    std::FILE* m_stream;
};

/// With no variable set but a HOME that does not exist.
inline Invocation invoke(const std::vector<std::string>& arguments) {
    mirror::cli::Environment environment;
    environment.variables["HOME"] = "/nonexistent";
    const TextStream out;
    const TextStream err;
    Invocation result;
    result.exit = mirror::cli::run(arguments, {stdin, out.get(), err.get()}, environment);
    result.out = out.text();
    result.err = err.text();
    return result;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace tidemark::tests
