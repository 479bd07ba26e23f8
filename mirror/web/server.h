// The service's HTTP server: on a Unix socket always, on an address where the configuration names one. Each has its own
// threads, so that nobody on the network keeps an administrator from the socket. One request a connection, at most so
// many at once, each with a total time; answers carry strict headers.
#pragma once

#include <memory>
#include <string>

#include "mirror/base/configuration.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

class WebServer {
public:
    /// Everything handed in must outlive it. Answers nobody before configure().
    WebServer(service::Live& live, service::Orders& orders, LogRing& log, std::string version);
    /// Ends within a second, whatever the guests do, but for requests that are being worked on.
    ~WebServer();
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    /// Listens where the configuration says, from now on. If that cannot be done, throws Error and stays as it was.
    void configure(const Configuration& configuration);

private:
    class Listening;
    struct Parts;
    std::unique_ptr<Parts> m_parts;
    service::Live& m_live;
    service::Orders& m_orders;
    LogRing& m_log;
    const std::string m_version;
};

}  // namespace tidemark::mirror::web
