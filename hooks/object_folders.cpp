#include "hooks/object_folders.h"

#include <optional>
#include <string>
#include <utility>

namespace tidemark::hooks {
namespace {

constexpr std::size_t k_max_folders = 100;

bool is_octal(char c) noexcept {
    return c >= '0' && c <= '7';
}

/// Takes a text in C's quotes off the front of `list`; nothing if it does not end.
std::optional<std::string> take_quoted(std::string_view& list) {
    std::string text;
    for (std::size_t i = 1; i < list.size(); ++i) {
        char c = list[i];
        if (c == '"') {
            list.remove_prefix(i + 1);
            return text;
        }
        if (c == '\\') {
            if (++i == list.size()) return std::nullopt;
            constexpr std::string_view k_letters = "abfnrtv";
            constexpr std::string_view k_meanings = "\a\b\f\n\r\t\v";
            c = list[i];
            if (const std::size_t letter = k_letters.find(c); letter != k_letters.npos) {
                c = k_meanings[letter];
            } else if (i + 2 < list.size() && c <= '3' && is_octal(c) && is_octal(list[i + 1]) &&
                       is_octal(list[i + 2])) {
                c = static_cast<char>((c - '0') * 64 + (list[i + 1] - '0') * 8 + (list[i + 2] - '0'));
                i += 2;
            } else if (c != '\\' && c != '"') {
                return std::nullopt;
            }
        }
        text += c;
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::filesystem::path> split_object_folders(std::string_view list) {
    std::vector<std::filesystem::path> folders;
    while (!list.empty() && folders.size() < k_max_folders) {
        std::string folder;
        if (list.front() == '"') {
            std::string_view after = list;
            if (auto quoted = take_quoted(after)) {
                folder = std::move(*quoted);
                list = after;
            }
        }
        const std::string_view plain = list.substr(0, list.find(':'));
        if (folder.empty() && !plain.starts_with('#')) folder = plain;
        list.remove_prefix(plain.size() == list.size() ? list.size() : plain.size() + 1);
        if (!folder.empty()) folders.emplace_back(std::move(folder));
    }
    return folders;
}

std::vector<std::filesystem::path> pushed_object_folders(const Variables& variables) {
    std::vector<std::filesystem::path> folders;
    std::string pushed = variables("GIT_QUARANTINE_PATH");
    if (pushed.empty()) pushed = variables("GIT_OBJECT_DIRECTORY");
    if (!pushed.empty()) folders.emplace_back(std::move(pushed));
    for (std::filesystem::path& folder : split_object_folders(variables("GIT_ALTERNATE_OBJECT_DIRECTORIES")))
        folders.push_back(std::move(folder));
    for (std::filesystem::path& folder : folders)
        folder = std::filesystem::absolute(folder);
    return folders;
}

}  // namespace tidemark::hooks
