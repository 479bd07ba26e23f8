#include "mirror/web/server.h"

#include <optional>

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/web/api.h"
#include "mirror/web/connection.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/health.h"
#include "mirror/web/listener.h"
#include "mirror/web/metrics.h"
#include "mirror/web/pages.h"
#include "mirror/web/receivers.h"

namespace tidemark::mirror::web {
namespace {

using std::chrono::seconds;

/// An address may have as many connections as there are threads but some: the rest is for the others. Waiting for news
/// takes a thread, and fifty people may do that behind one address.
constexpr ConnectionLimits k_network_limits = {seconds(10), seconds(30), (std::size_t{1} << 20) + (64U << 10), 256, 72};
constexpr ConnectionLimits k_local_limits = {seconds(10), seconds(30), (std::size_t{1} << 20) + (64U << 10), 64, 64};
constexpr int k_idle_seconds = 30;
constexpr int k_stack_bytes = 512 * 1024;

}  // namespace

/// One place where connections are taken, with its threads.
class WebServer::Listening {
public:
    Listening(const Poco::Net::ServerSocket& socket, std::shared_ptr<Guests> guests, int threads,
              const Dispatcher& dispatcher)
        : m_guests(std::move(guests)), m_pool("web", 1, threads, k_idle_seconds, k_stack_bytes) {
        Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
        params->setKeepAlive(false);
        params->setMaxThreads(threads);
        params->setMaxQueued(static_cast<int>(m_guests->limits().most_connections));
        params->setThreadIdleTime(Poco::Timespan(k_idle_seconds, 0));
        params->setTimeout(Poco::Timespan(std::chrono::microseconds(m_guests->limits().read_time).count()));
        m_server = make_server(dispatcher, m_pool, socket, params);
        m_server->start();
    }

    ~Listening() {
        m_guests->close();
        m_server->stop();
        m_pool.joinAll();
        m_server.reset();
        struct stat info {};
        if (!m_path.empty() && ::lstat(m_path.c_str(), &info) == 0 && info.st_ino == m_inode) ::unlink(m_path.c_str());
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    /// The socket's file goes with it.
    void own_file(std::filesystem::path path) {
        struct stat info {};
        if (::lstat(path.c_str(), &info) == 0) {
            m_inode = info.st_ino;
            m_group = info.st_gid;
        }
        m_path = std::move(path);
    }
    gid_t group() const noexcept { return m_group; }
    Guests& guests() noexcept { return *m_guests; }

private:
    const std::shared_ptr<Guests> m_guests;
    Poco::ThreadPool m_pool;
    std::unique_ptr<Poco::Net::TCPServer> m_server;
    std::filesystem::path m_path;
    ino_t m_inode = 0;
    gid_t m_group = static_cast<gid_t>(-1);
};

struct WebServer::Parts {
    Parts(service::Live& live, service::Orders& orders, LogRing& log, const std::filesystem::path& state,
          const std::string& version)
        : site(live, orders, log, state, version), receivers(site), dispatcher(router, site) {
        add_health(router, site);
        add_receivers(router, receivers);
        add_api(router, site);
        add_metrics(router, site);
        add_pages(router, site);
    }

    Site site;
    Router router;
    Receivers receivers;
    Dispatcher dispatcher;
    std::filesystem::path socket;
    std::string listen;
    std::unique_ptr<Listening> on_socket;
    std::unique_ptr<Listening> on_network;
};

WebServer::WebServer(service::Live& live, service::Orders& orders, LogRing& log, std::string version)
    : m_live(live), m_orders(orders), m_log(log), m_version(std::move(version)) {}

WebServer::~WebServer() {
    if (m_parts) m_parts->site.close();
}

void WebServer::configure(const Configuration& configuration) {
    if (!m_parts) m_parts = std::make_unique<Parts>(m_live, m_orders, m_log, configuration.state, m_version);
    Parts& parts = *m_parts;
    const WebSettings& settings = configuration.web;
    std::unique_ptr<Listening> on_socket;
    std::unique_ptr<Listening> on_network;
    const std::filesystem::path socket = socket_path(settings, configuration.state);
    try {
        if (socket != parts.socket) {
            auto guests = std::make_shared<Guests>(k_local_limits);
            on_socket =
                std::make_unique<Listening>(listen_at(socket, guests), guests, k_local_threads, parts.dispatcher);
            on_socket->own_file(socket);
            parts.site.set_socket_group(on_socket->group());
        }
        if (settings.listen != parts.listen && !settings.listen.empty()) {
            auto guests = std::make_shared<Guests>(k_network_limits);
            on_network = std::make_unique<Listening>(listen_at(settings.listen, guests), guests, k_network_threads,
                                                     parts.dispatcher);
        }
    } catch (const Poco::Exception& problem) {
        throw Error(ErrorKind::network, fmt::format("starting the page's server: {}", problem.displayText()));
    }
    parts.site.set_settings(settings);
    parts.receivers.configure(configuration.receivers);
    if (on_socket) parts.on_socket = std::move(on_socket);
    if (settings.listen != parts.listen) parts.on_network = std::move(on_network);
    parts.socket = socket;
    parts.listen = settings.listen;
    if (parts.on_network)
        parts.on_network->guests().set_trusted(settings.proxy ? settings.proxy->trusted : std::vector<std::string>());
}

}  // namespace tidemark::mirror::web
