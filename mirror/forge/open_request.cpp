#include "mirror/forge/open_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "mirror/http/url.h"
#include "policy/template/clean_text.h"

namespace tidemark::mirror::forge {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds k_step{200};
/// Descriptions of requests come with them.
constexpr std::size_t k_body_limit = std::size_t{8} << 20U;
/// Gitea gives 50 at most, and one that does not know `base_branch` gives all that are open.
constexpr unsigned k_page_size = 50;
constexpr unsigned k_pages = 10;
constexpr std::size_t k_words_limit = 300;

/// A page as it came, or why there is none.
struct Page {
    http::Failure failure = http::Failure::none;
    std::string error;
    int status = 0;
    std::string words;  // of a refusal
    std::string location;
    std::optional<std::chrono::seconds> retry_after;
    bool out_of_requests = false;
    bool more = false;
    std::string problem;  // why the answer is no list of requests
    std::optional<OpenRequest> found;
};

class Asking {
public:
    Asking(http::Client& client, const Forge& forge, const Question& question, const std::stop_token& stop)
        : m_client(client), m_forge(forge), m_question(question), m_stop(stop) {}

    std::optional<OpenRequest> run() {
        for (unsigned number = 1; number <= k_pages; ++number) {
            Page page = get(number);
            if (page.failure != http::Failure::none) no_answer(page);
            if (page.status != 200) refused(page);
            if (!page.problem.empty())
                fail(ErrorKind::invalid,
                     fmt::format("{} answered with no list of requests: {}; look at url and kind in forges: of the "
                                 "configuration",
                                 m_forge.host, page.problem));
            if (page.found || !page.more) return std::move(page.found);
        }
        fail(ErrorKind::invalid, fmt::format("{} lists more than {} open requests of {}, and this one is not among the "
                                             "first",
                                             m_forge.host, k_pages * k_page_size, m_question.repository));
    }

private:
    Page get(unsigned number) {
        http::Request request;
        request.url = address_of(m_forge, m_question, number);
        request.accept = m_forge.kind == ForgeKind::github ? "application/vnd.github+json" : "application/json";
        request.authorization = authorization();
        request.body_limit = k_body_limit;
        request.timeout = std::chrono::ceil<milliseconds>(m_until - Clock::now());
        Page page;
        m_client.start(m_client.channel(m_forge.tls, {}), request,
                       [&](const http::Response& response) { page = read(response); });
        while (m_client.active() > 0) {
            if (m_stop.stop_requested()) {
                m_client.cancel();
                throw Error(ErrorKind::network, "stopped before the answer came");
            }
            m_client.step(k_step);
        }
        return page;
    }

    SecretString authorization() const {
        if (m_forge.token.empty()) return {};
        const bool gitea = m_forge.kind == ForgeKind::gitea || m_forge.kind == ForgeKind::forgejo;
        return SecretString((gitea ? "token " : "Bearer ") + m_forge.token.reveal());
    }

    Page read(const http::Response& response) const {
        Page page;
        page.failure = response.failure;
        page.error = response.error;
        page.status = response.status;
        page.retry_after = response.retry_after;
        if (response.failure != http::Failure::none) return page;
        page.location = response.header("Location").value_or("");
        page.out_of_requests = response.header("X-RateLimit-Remaining") == "0";
        page.more = has_next_page(response.header("Link").value_or(""));
        if (response.status != 200) {
            page.words = refusal_words(without_token(m_forge, std::string(response.body)));
            return page;
        }
        const bool repeated =
            !m_forge.token.empty() && response.body.find(m_forge.token.reveal()) != response.body.npos;
        const std::string body = repeated ? without_token(m_forge, std::string(response.body)) : std::string();
        auto found = find_in_answer(m_forge.kind, repeated ? body : response.body, m_question);
        if (found) {
            page.found = std::move(found).value();
        } else {
            page.problem = found.message();
        }
        return page;
    }

    [[noreturn]] void fail(ErrorKind kind, const std::string& message) const {
        throw Error(kind, without_token(m_forge, message));
    }
    [[noreturn]] void away(const std::string& message, std::optional<std::chrono::seconds> pause) const {
        throw ForgeAway(without_token(m_forge, message), pause);
    }

    [[noreturn]] void no_answer(const Page& page) const {
        switch (page.failure) {
            case http::Failure::too_large:
                fail(ErrorKind::invalid,
                     fmt::format("{} answered with more than {} MiB", m_forge.host, k_body_limit >> 20U));
            case http::Failure::timed_out:
                away(fmt::format("{} did not answer within {} seconds", m_forge.host, k_time_limit.count()), {});
            case http::Failure::none:
            case http::Failure::unreachable:
            case http::Failure::tls:
            case http::Failure::tls_refused:
            case http::Failure::certificate:
            case http::Failure::proxy:
            case http::Failure::cut_off:
            case http::Failure::other:
                break;
        }
        away(fmt::format("{} cannot be reached: {}", m_forge.host, page.error.empty() ? "no answer" : page.error), {});
    }

    [[noreturn]] void refused(const Page& page) const {
        const int status = page.status;
        const std::string said =
            fmt::format("{} answered {}{}", m_forge.host, status, page.words.empty() ? "" : " (" + page.words + ")");
        if (status >= 300 && status < 400)
            fail(ErrorKind::invalid,
                 fmt::format("{}, which leads to {}: that is not followed; write in forges: of the configuration the "
                             "url it leads to",
                             said, policy::clean_text(page.location, k_words_limit)));
        if (status == 429 || (status == 403 && (page.retry_after || page.out_of_requests)))
            away(said + ": it was asked too often, and is left alone for a while", page.retry_after);
        if (status >= 500) away(said + "; it is asked again when it has had a rest", page.retry_after);
        fail(ErrorKind::authentication, fmt::format("{}: {}", said, what_to_do(status)));
    }

    std::string what_to_do(int status) const {
        const std::string& repository = m_question.repository;
        if (!m_forge.token_secret)
            return status == 404 ? fmt::format(
                                       "there is no repository {}, or strangers may not see it; then name a "
                                       "token in tokenSecretRef",
                                       repository)
                                 : std::string("strangers may not read its requests; name a token in tokenSecretRef");
        const std::string secret = m_forge.token_secret->to_string();
        if (status == 401)
            return fmt::format("it does not take the token of the Secret {}; put a valid one there", secret);
        if (status == 403)
            return fmt::format("the token of the Secret {} may not read requests of {}; give it that right", secret,
                               repository);
        if (status == 404)
            return fmt::format(
                "there is no repository {}, or the token of the Secret {} may not see it; then give it "
                "that right",
                repository, secret);
        return "look at url and kind in forges: of the configuration";
    }

    http::Client& m_client;
    const Forge& m_forge;
    const Question& m_question;
    const std::stop_token& m_stop;
    Clock::time_point m_until = Clock::now() + k_time_limit;
};

}  // namespace

std::optional<OpenRequest> find_open_request(http::Client& client, const Forge& forge, const Question& question,
                                             const std::stop_token& stop) {
    return Asking(client, forge, question, stop).run();
}

std::string address_of(const Forge& forge, const Question& question, unsigned page) {
    const std::string source = http::escape_query(question.source_branch);
    const std::string target = http::escape_query(question.target_branch);
    switch (forge.kind) {
        case ForgeKind::gitlab:
            return fmt::format(
                "{}/projects/{}/merge_requests?state=opened&source_branch={}&target_branch={}&per_page={}&"
                "page={}",
                forge.api, http::escape_query(question.repository), source, target, k_page_size, page);
        case ForgeKind::github:
            return fmt::format("{}/repos/{}/pulls?state=open&head={}:{}&base={}&per_page={}&page={}", forge.api,
                               question.repository, question.repository.substr(0, question.repository.find('/')),
                               source, target, k_page_size, page);
        case ForgeKind::gitea:
        case ForgeKind::forgejo:
            break;
    }
    // Not pulls/{base}/{head}, which knows no state and may give a closed one.
    return fmt::format("{}/repos/{}/pulls?state=open&base_branch={}&limit={}&page={}", forge.api, question.repository,
                       target, k_page_size, page);
}

}  // namespace tidemark::mirror::forge
