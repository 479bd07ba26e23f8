#include "policy/objects/names.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

using Reason = std::optional<std::string>;

bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Reason find_label_problem(std::string_view label) {
    if (label.empty()) return "it is empty or has an empty part between dots";
    for (const char c : label) {
        if (!is_name_character(c) && c != '-')
            return "only small letters, digits, '-' and (in names) '.' may stand in it";
    }
    if (label.front() == '-' || label.back() == '-') return "it must begin and end with a letter or digit";
    return std::nullopt;
}

// git-check-ref-format(1), rules 1 to 10.
Reason find_ref_problem(std::string_view ref) {
    if (ref.empty()) return "it is empty";
    if (ref.size() > 250) return "it is longer than 250 bytes";
    if (ref == "@") return "it is a lone @";
    if (ref.front() == '/' || ref.back() == '/' || ref.find("//") != std::string_view::npos)
        return "a '/' stands at its begin, at its end or twice";
    if (ref.back() == '.') return "it ends with a dot";
    if (ref.find("..") != std::string_view::npos) return "it holds '..'";
    if (ref.find("@{") != std::string_view::npos) return "it holds '@{'";
    for (const char c : ref) {
        if (is_control(c)) return "it holds a control character";
        if (std::string_view(" ~^:?*[\\").find(c) != std::string_view::npos) return fmt::format("it holds '{}'", c);
    }
    for (std::size_t start = 0; start < ref.size();) {
        const std::size_t end = std::min(ref.find('/', start), ref.size());
        const std::string_view part = ref.substr(start, end - start);
        if (part.front() == '.') return "a part of it begins with a dot";
        if (part.size() >= 5 && part.substr(part.size() - 5) == ".lock") return "a part of it ends with .lock";
        start = end + 1;
    }
    return std::nullopt;
}

}  // namespace

Reason find_name_problem(std::string_view name) {
    if (name.size() > 253) return "it is longer than 253 characters";
    for (std::size_t start = 0;;) {
        const std::size_t end = std::min(name.find('.', start), name.size());
        if (Reason reason = find_label_problem(name.substr(start, end - start))) return reason;
        if (end == name.size()) return std::nullopt;
        start = end + 1;
    }
}

Reason find_namespace_problem(std::string_view name) {
    if (name.size() > 63) return "it is longer than 63 characters";
    return find_label_problem(name);
}

Reason find_branch_problem(std::string_view branch) {
    if (!branch.empty() && branch.front() == '-') return "it begins with '-'";
    if (branch == "HEAD") return "HEAD is no branch name";
    return find_ref_problem(branch);
}

Reason find_refspec_problem(std::string_view refspec) {
    if (!refspec.empty() && refspec.front() == '+') refspec.remove_prefix(1);
    const std::size_t colon = refspec.find(':');
    if (colon == std::string_view::npos) return "it has no ':' between source and destination";
    if (colon == 0) return "without a source it would delete the destination";
    const std::string_view source = refspec.substr(0, colon);
    const std::string_view destination = refspec.substr(colon + 1);
    if (source.front() == '-') return "it begins with '-'";
    if (Reason reason = find_ref_problem(source)) return "its source cannot be a ref: " + *reason;
    if (Reason reason = find_ref_problem(destination)) return "its destination cannot be a ref: " + *reason;
    return std::nullopt;
}

Reason find_git_url_problem(std::string_view url) {
    if (url.size() > 2048) return "it is longer than 2048 bytes";
    if (std::any_of(url.begin(), url.end(), [](char c) { return is_control(c) || c == ' '; }))
        return "a blank or control character stands in it";
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) {
        if (!url.empty() && url.front() == '/') return "a folder is written file:///path/to/repository.git";
        if (url.find('@') != std::string_view::npos && url.find(':') != std::string_view::npos)
            return "the form user@host:path is written ssh://user@host/path";
        return "it must begin with https://, http://, ssh:// or file://";
    }
    const std::string_view scheme = url.substr(0, colon);
    std::string_view authority = url.substr(colon + 3);
    if (scheme != "https" && scheme != "http" && scheme != "ssh" && scheme != "file")
        return "it must begin with https://, http://, ssh:// or file://";
    const std::string_view path = authority.substr(std::min(authority.find('/'), authority.size()));
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (scheme == "file") {
        if (!authority.empty()) return "a file URL has three slashes: file:///path/to/repository.git";
        return path.size() < 2 ? Reason("it names no repository") : std::nullopt;
    }
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
        if (authority.substr(0, at).find(':') != std::string_view::npos)
            return "a password stands in it; put user name and password into a Secret and name that in spec.secretRef";
        if (!authority.empty() && authority.front() == '-') return "its user begins with '-'";
        authority.remove_prefix(at + 1);
    }
    if (authority.empty()) return "it names no host";
    if (authority.front() == '-') return "its host begins with '-'";
    if (path.size() < 2) return "it names no repository";
    return std::nullopt;
}

}  // namespace tidemark::policy
