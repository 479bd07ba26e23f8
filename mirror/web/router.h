// Which handler answers a request: by method and path. Built once, read by many threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/web/exchange.h"

namespace tidemark::mirror::web {

/// Called by several threads at once. An Error it throws becomes an answer.
using Handler = std::function<Answer(const Request&)>;

class Router {
public:
    /// `path` is as "/api/v1/images/*/*": each `*` stands for one part, which is neither empty nor "..". A GET answers
    /// HEAD as well. Bodies of more than `most_bytes` are refused.
    void add(Method method, std::string_view path, Handler handler, std::size_t most_bytes = k_most_bytes);

    struct Match {
        const Handler* handler = nullptr;  // null: no such path, or not with this method
        std::size_t most_bytes = 0;
        std::string allowed;  // methods of the path, "GET, HEAD"; empty: no such path
    };
    /// Fills in `request.names`.
    Match match(Request& request) const;

    static constexpr std::size_t k_most_bytes = std::size_t{64} << 10;

private:
    struct Route {
        Method method;
        std::vector<std::string> parts;
        Handler handler;
        std::size_t most_bytes;
    };
    std::vector<Route> m_routes;
};

/// The decoded parts of "/a/b%20c"; empty for "/". False if it cannot be decoded or does not begin with a slash.
bool split_path(std::string_view path, std::vector<std::string>& parts);

}  // namespace tidemark::mirror::web
