#include "mirror/web/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <istream>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/listener.h"

namespace tidemark::mirror::web {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponse;

Connection& connection_of(const Poco::Net::Socket& socket) {
    // Every socket of our listeners is one (listener.cpp).
    return dynamic_cast<Connection&>(*socket.impl());
}

Method method_of(const std::string& name) {
    if (name == "GET") return Method::get;
    if (name == "HEAD") return Method::head;
    if (name == "POST") return Method::post;
    return Method::other;
}

Request read_head(HTTPServerRequest& from, const Peer& peer) {
    Request request;
    request.method = method_of(from.getMethod());
    request.peer = peer;
    const std::string& target = from.getURI();
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path_text = target.substr(0, question);
    if (question < target.size()) request.query = parse_form(std::string_view(target).substr(question + 1));
    for (const auto& [name, value] : from) {
        std::string small = name;
        std::transform(small.begin(), small.end(), small.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        request.headers.emplace_back(std::move(small), value);
    }
    return request;
}

/// Throws Poco's exceptions for a body that ends too early.
std::optional<std::string> read_body(HTTPServerRequest& from, std::size_t most_bytes) {
    const bool has_length = from.hasContentLength();
    if (has_length && from.getContentLength64() > static_cast<Poco::Int64>(most_bytes)) return std::nullopt;
    if (!has_length && !from.getChunkedTransferEncoding()) return std::string();
    std::string body;
    std::array<char, 8192> piece;
    std::istream& stream = from.stream();
    while (stream) {
        stream.read(piece.data(), piece.size());
        body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > most_bytes) return std::nullopt;
    }
    if (has_length && static_cast<Poco::Int64>(body.size()) < from.getContentLength64())
        throw Poco::Net::MessageException("the body ends too early");
    return body;
}

void send(const Answer& answer, HTTPServerResponse& to) {
    to.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
    for (const auto& [name, value] : strict_headers(answer))
        to.set(name, value);
    for (const auto& [name, value] : answer.headers)
        to.add(name, value);
    to.setContentType(answer.content_type);
    to.sendBuffer(answer.body.data(), answer.body.size());
}

class RequestHandler final : public Poco::Net::HTTPRequestHandler {
public:
    explicit RequestHandler(const Dispatcher& dispatcher) : m_dispatcher(dispatcher) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        const Connection& connection = connection_of(dynamic_cast<HTTPServerRequestImpl&>(request).socket());
        send(m_dispatcher.answer(read_head(request, connection.peer()),
                                 [&](std::size_t most_bytes) { return read_body(request, most_bytes); }),
             response);
    }

private:
    const Dispatcher& m_dispatcher;
};

class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit HandlerFactory(const Dispatcher& dispatcher) : m_dispatcher(dispatcher) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new RequestHandler(m_dispatcher);
    }

private:
    const Dispatcher& m_dispatcher;
};

class ServerConnection final : public Poco::Net::HTTPServerConnection {
public:
    using HTTPServerConnection::HTTPServerConnection;
    void run() override {
        Connection& connection = connection_of(socket());
        connection.begin();
        HTTPServerConnection::run();
        connection.finish();
    }
};

class ConnectionFactory final : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(const Dispatcher& dispatcher, Poco::Net::HTTPServerParams::Ptr params)
        : m_params(std::move(params)), m_handlers(new HandlerFactory(dispatcher)) {}
    Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
        return new ServerConnection(socket, m_params, m_handlers);
    }

private:
    const Poco::Net::HTTPServerParams::Ptr m_params;
    const Poco::Net::HTTPRequestHandlerFactory::Ptr m_handlers;
};

/// Those that are too many are told so, and closed.
class Door final : public Poco::Net::TCPServerConnectionFilter {
public:
    bool accept(const Poco::Net::StreamSocket& socket) override {
        Connection& connection = connection_of(socket);
        if (!connection.admitted()) connection.turn_away();
        return connection.admitted();
    }
};

}  // namespace

std::unique_ptr<Poco::Net::TCPServer> make_server(const Dispatcher& dispatcher, Poco::ThreadPool& pool,
                                                  const Poco::Net::ServerSocket& socket,
                                                  const Poco::Net::HTTPServerParams::Ptr& params) {
    auto server =
        std::make_unique<Poco::Net::TCPServer>(new ConnectionFactory(dispatcher, params), pool, socket, params);
    server->setConnectionFilter(new Door);
    return server;
}

}  // namespace tidemark::mirror::web
