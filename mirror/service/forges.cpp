#include "mirror/service/forges.h"

#include <algorithm>
#include <utility>

#include "mirror/forge/forge.h"
#include "policy/forge/place.h"

namespace tidemark::mirror::service {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// For one that does not say how long. Each question may hold up a worker for as long as a forge may take to answer.
constexpr auto k_pause = seconds(60);
constexpr auto k_longest_pause = seconds(3600);

}  // namespace

/// A client for one question.
class Forges::Lease {
public:
    explicit Lease(Forges& forges) : m_forges(forges) {
        if (forges.m_idle.empty()) {
            m_client = std::make_unique<http::Client>(http::ClientLimits{.host_connections = 1, .connections = 4});
        } else {
            m_client = std::move(forges.m_idle.back());
            forges.m_idle.pop_back();
        }
    }
    ~Lease() {
        m_client->cancel();
        m_forges.m_idle.push_back(std::move(m_client));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    http::Client& client() noexcept { return *m_client; }

private:
    Forges& m_forges;
    std::unique_ptr<http::Client> m_client;
};

void Forges::use(const std::vector<ForgeSettings>& settings) {
    m_settings.clear();
    for (const ForgeSettings& one : settings)
        m_settings.emplace(one.host, one);
    if (settings.empty()) m_idle.clear();
}

std::optional<ForgeSettings> Forges::find(std::string_view git_url) const {
    if (none()) return std::nullopt;
    const auto place = policy::find_remote_place(git_url);
    const auto found = place ? m_settings.find(place->host) : m_settings.end();
    return found == m_settings.end() ? std::nullopt : std::optional(found->second);
}

RequestAnswer Forges::ask(const ForgeSettings& settings, const RequestQuestion& question, const SecretStore& secrets,
                          const std::stop_token& stop) {
    if (const auto pause = m_pauses.find(settings.host); pause != m_pauses.end()) {
        if (Clock::now() < pause->second.until) throw Error(ErrorKind::network, pause->second.reason);
        m_pauses.erase(pause);
    }
    const forge::Forge forge = forge::make_forge(settings, secrets);
    RequestAnswer answer{forge::repository_of(forge, question.git_url), {}};
    const forge::Question asked{answer.repository, question.push_branch, question.checkout_branch};
    Lease lease(*this);
    try {
        const LeavesTurn waiting(m_turn);
        answer.open = forge::find_open_request(lease.client(), forge, asked, stop);
    } catch (const forge::ForgeAway& away) {
        const seconds rest = std::clamp(away.pause().value_or(k_pause), seconds(1), k_longest_pause);
        m_pauses[settings.host] = {Clock::now() + rest, away.what()};
        throw;
    }
    return answer;
}

}  // namespace tidemark::mirror::service
