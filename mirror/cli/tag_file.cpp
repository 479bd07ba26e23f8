#include "mirror/cli/tag_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <sys/stat.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_limit = std::size_t{64} << 20;
constexpr std::size_t k_first_read = std::size_t{64} << 10;

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// A file in one read; what has no size, such as a pipe, in growing steps.
TagBytes read_all(std::FILE* file, const std::string& name) {
    struct stat facts {};
    std::size_t room = k_first_read;
    // One more than its size, so that the end is met without another step.
    if (::fstat(::fileno(file), &facts) == 0 && S_ISREG(facts.st_mode))
        room = static_cast<std::size_t>(facts.st_size) + 1;
    TagBytes bytes;
    while (true) {
        const std::size_t used = bytes.size();
        if (used > k_limit || room > k_limit + 1)
            throw Error(ErrorKind::invalid, fmt::format("reading {}: more than {} MiB", name, k_limit >> 20U));
        bytes.resize(used + room);
        const std::size_t count = std::fread(bytes.data() + used, 1, room, file);
        bytes.resize(used + count);
        if (count < room) break;
        room = std::min(std::max(bytes.size(), k_first_read), k_limit + 1);
    }
    if (std::ferror(file)) throw Error(ErrorKind::storage, fmt::format("reading {}: {}", name, describe_errno(errno)));
    return bytes;
}

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view line) noexcept {
    while (!line.empty() && is_blank(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    return line;
}

/// How many lines there may be, judged by the first ones: only so that the list seldom grows.
std::size_t guess_lines(std::string_view text) noexcept {
    constexpr std::size_t k_sample = 16384;
    const std::string_view sample = text.substr(0, k_sample);
    const auto lines = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\n')) + 1;
    return text.size() <= k_sample ? lines : lines * (text.size() / k_sample + 1) * 9 / 8;
}

}  // namespace

TagFile::TagFile(TagBytes bytes) : m_bytes(std::move(bytes)) {
    const std::string_view text(m_bytes.data(), m_bytes.size());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && (text[first] == '{' || text[first] == '[')) {
        read_json();
    } else {
        read_lines(text);
    }
}

void TagFile::read_lines(std::string_view text) {
    m_tags.reserve(guess_lines(text));
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const auto left = static_cast<std::size_t>(end - at);
        const void* const found = std::memchr(at, '\n', left);
        const char* const stop = found ? static_cast<const char*>(found) : end;
        const std::string_view tag = trimmed({at, static_cast<std::size_t>(stop - at)});
        if (!tag.empty()) m_tags.push_back(tag);
        at = found ? stop + 1 : end;
    }
}

/// `{"name": ..., "tags": [...]}` or a bare list. Escapes are resolved where they stand, so the tags are views.
void TagFile::read_json() {
    constexpr unsigned k_how =
        rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag;
    m_bytes.push_back('\0');
    rapidjson::Document root;
    root.ParseInsitu<k_how>(m_bytes.data());
    const auto refuse = [](std::string_view why) {
        throw Error(ErrorKind::invalid, fmt::format("the tags are no list of tags in JSON: {}", why));
    };
    if (root.HasParseError()) refuse(rapidjson::GetParseError_En(root.GetParseError()));
    const rapidjson::Value* list = &root;
    if (root.IsObject()) {
        const auto member = root.FindMember("tags");
        if (member == root.MemberEnd()) refuse("there is no \"tags\" in it");
        list = &member->value;
    }
    if (!list->IsArray()) refuse("what should be the list is none");
    m_tags.reserve(list->Size());
    for (const rapidjson::Value& tag : list->GetArray()) {
        if (!tag.IsString()) throw Error(ErrorKind::invalid, "the list of tags holds something that is no text");
        m_tags.emplace_back(tag.GetString(), tag.GetStringLength());
    }
}

TagFile read_tags(const std::string& path, const Streams& streams) {
    if (path == "-") return TagFile(read_all(streams.in, "standard input"));
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (!file) throw Error(ErrorKind::not_found, fmt::format("opening {}: {}", path, describe_errno(errno)));
    return TagFile(read_all(file.get(), path));
}

}  // namespace tidemark::mirror::cli
