// A server of Poco's for the listeners' connections: from the bytes to a Request for the dispatcher, and its Answer
// back.
#pragma once

#include <memory>

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>

#include "mirror/web/dispatcher.h"

namespace Poco {
class ThreadPool;
}

namespace tidemark::mirror::web {

/// Dispatcher and pool must outlive it. Not started yet.
std::unique_ptr<Poco::Net::TCPServer> make_server(const Dispatcher& dispatcher, Poco::ThreadPool& pool,
                                                  const Poco::Net::ServerSocket& socket,
                                                  const Poco::Net::HTTPServerParams::Ptr& params);

}  // namespace tidemark::mirror::web
