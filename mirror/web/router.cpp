#include "mirror/web/router.h"

#include <algorithm>

namespace tidemark::mirror::web {
namespace {

constexpr std::size_t k_most_parts = 16;

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
          std::vector<std::string>& names) {
    if (pattern.size() != path.size()) return false;
    names.clear();
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (pattern[i] != "*") {
            if (pattern[i] != path[i]) return false;
        } else {
            if (path[i].empty() || path[i] == "." || path[i] == "..") return false;
            names.push_back(path[i]);
        }
    }
    return true;
}

}  // namespace

bool split_path(std::string_view path, std::vector<std::string>& parts) {
    parts.clear();
    if (path.empty() || path.front() != '/') return false;
    path.remove_prefix(1);
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        auto part = decode(path.substr(0, end), false);
        if (!part || parts.size() == k_most_parts) return false;
        parts.push_back(std::move(*part));
        if (end == path.size()) return true;
        path.remove_prefix(end + 1);
        if (path.empty()) parts.emplace_back();  // "/a/" is another path than "/a"
    }
    return true;
}

void Router::add(Method method, std::string_view path, Handler handler, std::size_t most_bytes) {
    Route route{method, {}, std::move(handler), most_bytes};
    split_path(path, route.parts);
    m_routes.push_back(std::move(route));
}

Router::Match Router::match(Request& request) const {
    const Method wanted = request.method == Method::head ? Method::get : request.method;
    Match match;
    std::vector<std::string> names;
    for (const Route& route : m_routes) {
        if (!fits(route.parts, request.path, names)) continue;
        if (!match.allowed.empty()) match.allowed += ", ";
        match.allowed += route.method == Method::post ? "POST" : "GET, HEAD";
        if (route.method != wanted || match.handler) continue;
        match.handler = &route.handler;
        match.most_bytes = route.most_bytes;
        request.names = names;
    }
    return match;
}

}  // namespace tidemark::mirror::web
