#include "mirror/service/push_notice.h"

#include <algorithm>
#include <vector>

#include <rapidjson/document.h>

namespace tidemark::mirror::service {
namespace {

constexpr std::size_t k_most_name_bytes = 4096;
constexpr std::size_t k_parts_that_count = 2;

std::string text_of(const rapidjson::Document& line, const char* key) {
    const auto found = line.FindMember(key);
    if (found == line.MemberEnd() || !found->value.IsString() || found->value.GetStringLength() > k_most_name_bytes)
        return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

/// What follows the host; of a path all of it.
std::string_view path_of(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) {
        const std::size_t slash = url.find('/', scheme + 3);
        return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
    }
    const std::size_t colon = url.find(':');
    return colon < url.find('/') ? url.substr(colon + 1) : url;
}

/// In small letters, as some hosts do not tell them from capitals.
std::string lower(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return small;
}

/// The last ones, the last one first.
std::vector<std::string> last_parts(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty() && parts.size() < k_parts_that_count) {
        const std::size_t slash = path.rfind('/');
        std::string_view part = slash == std::string_view::npos ? path : path.substr(slash + 1);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
        if (parts.empty() && part.ends_with(".git")) part.remove_suffix(4);
        if (!part.empty() && part != ".") parts.push_back(lower(part));
    }
    return parts;
}

bool ends_alike(std::string_view name, std::string_view path) {
    const std::vector<std::string> one = last_parts(name);
    const std::vector<std::string> other = last_parts(path);
    const std::size_t count = std::min(one.size(), other.size());
    return count > 0 && std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(count), other.begin());
}

}  // namespace

std::optional<PushNotice> read_push_notice(std::string_view line) {
    rapidjson::Document document;
    // Iterative: depth costs no stack.
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
    if (document.HasParseError() || !document.IsObject() || text_of(document, "event") != "push") return std::nullopt;
    PushNotice notice{text_of(document, "repository"), text_of(document, "path")};
    if (notice.name.empty() && notice.path.empty()) return std::nullopt;
    return notice;
}

bool is_about(const PushNotice& notice, std::string_view url) {
    const std::string_view path = path_of(url);
    return ends_alike(notice.name, path) || ends_alike(notice.path, path);
}

std::set<policy::ObjectKey> find_automations(const PushNotice& notice, const policy::ObjectSet& objects) {
    std::set<policy::ObjectKey> sources;
    for (const auto& [key, repository] : objects.git_repositories)
        if (is_about(notice, repository.url)) sources.insert(key);
    std::set<policy::ObjectKey> automations;
    for (const auto& [key, automation] : objects.image_update_automations)
        if (!automation.suspend && sources.contains(automation.source)) automations.insert(key);
    return automations;
}

}  // namespace tidemark::mirror::service
