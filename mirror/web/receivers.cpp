#include "mirror/web/receivers.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::web {
namespace {

namespace receiver = policy::receiver;
using Outcome = receiver::Verdict::Outcome;

SecretString random_secret() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw Error(ErrorKind::internal, "the system gives no random bytes");
    return SecretString(std::string(bytes.begin(), bytes.end()));
}

SecretString read_secret(const SecretStore& secrets, const policy::ObjectKey& key) {
    try {
        const SecretValues values = secrets.get(key);
        const auto token = values.find("token");
        return token == values.end() ? SecretString() : token->second;
    } catch (const Error&) {
        return {};  // `tidemark check` says why
    }
}

receiver::Message message_of(const Request& request) {
    receiver::Message message;
    message.headers.assign(request.headers.begin(), request.headers.end());
    message.query_token = request.query_value("token");
    message.body = request.body;
    return message;
}

}  // namespace

Receivers::Receivers(Site& site) : m_site(site), m_decoy(random_secret()) {}

void Receivers::configure(std::vector<ReceiverSettings> settings) {
    const std::lock_guard lock(m_mutex);
    std::map<std::string, std::shared_ptr<receiver::Memory>, std::less<>> memories;
    for (const ReceiverSettings& one : settings) {
        auto& memory = memories[one.name];
        const auto before = m_memories.find(one.name);
        memory = before == m_memories.end() ? std::make_shared<receiver::Memory>() : before->second;
    }
    m_settings = std::move(settings);
    m_memories = std::move(memories);
    m_table.reset();
}

std::shared_ptr<const Receivers::Table> Receivers::table() {
    const auto workspace = m_site.live.workspace();
    if (m_table && m_table->workspace == workspace) return m_table;
    auto table = std::make_shared<Table>();
    table->workspace = workspace;
    if (workspace) {
        table->index.emplace(workspace->objects.image_repositories);
        for (const ReceiverSettings& one : m_settings)
            table->receivers[one.name] = {one, read_secret(workspace->secrets, one.secret_ref), m_memories[one.name]};
    }
    m_table = table;
    return table;
}

Answer Receivers::take(const Request& request) {
    const receiver::Clocks now{Site::now(), std::chrono::steady_clock::now()};
    const std::lock_guard lock(m_mutex);
    const auto known_ones = table();
    const auto found = known_ones->receivers.find(request.names.at(0));
    const bool known = found != known_ones->receivers.end();
    const receiver::Verdict verdict =
        known ? receiver::judge(found->second.settings.kind, found->second.secret.reveal(), message_of(request),
                                *found->second.memory, now)
              : receiver::judge(receiver::Kind::generic_hmac, m_decoy.reveal(), message_of(request), m_nobodys, now);
    switch (verdict.outcome) {
        case Outcome::scan:
            if (known) return scan(*known_ones, found->second, verdict.payload);
            break;
        case Outcome::nothing:
            return plain_answer(200, "nothing to scan in this");
        case Outcome::seen_before:
            return plain_answer(200, "this was taken before, nothing is done");
        case Outcome::wrong_secret:
            break;
        case Outcome::stale:
            return plain_answer(400, "the signed time is more than five minutes from now; set the clocks");
        case Outcome::malformed:
            return plain_answer(400, "the body is not what this receiver's kind of sender sends");
        case Outcome::too_large:
            return plain_answer(413, "the body is too large");
        case Outcome::too_many: {
            Answer answer = plain_answer(429, "too many at once, come again");
            answer.headers.emplace_back("Retry-After", std::to_string(verdict.wait.count()));
            return answer;
        }
    }
    return plain_answer(403, "there is no such receiver, or its secret is another");
}

Answer Receivers::scan(const Table& table, const Known& known, const receiver::Payload& payload) {
    const std::set<policy::ObjectKey>* list = known.settings.repositories ? &*known.settings.repositories : nullptr;
    std::set<policy::ObjectKey> repositories;
    if (payload.meaning == receiver::Payload::Meaning::images) {
        repositories = table.index->find(payload.images, list);
    } else if (list != nullptr) {
        repositories = *list;
    }
    if (repositories.empty()) return plain_answer(200, "no ImageRepository reads this image");
    m_site.orders.scan(repositories);
    return plain_answer(202, fmt::format("ImageRepositories to be scanned now: {}", repositories.size()));
}

void add_receivers(Router& router, Receivers& receivers) {
    router.add(
        Method::post, "/hook/*", [&receivers](const Request& request) { return receivers.take(request); },
        receiver::k_body_limit);
}

}  // namespace tidemark::mirror::web
