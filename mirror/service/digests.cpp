#include "mirror/service/digests.h"

#include <utility>

namespace tidemark::mirror::service {

std::optional<policy::Result<std::string>> Digests::find(const ObjectKey& policy, const ObjectKey& repository,
                                                         registry::DigestRequest request) {
    const auto known = m_answers.find(policy);
    if (known != m_answers.end() && known->second.tag == request.tag && known->second.repository == repository) {
        const std::optional<registry::DigestResult>& result = known->second.result;
        if (!result) return std::nullopt;
        if (result->ok()) return policy::Result<std::string>(result->digest);
        return policy::Result<std::string>(policy::Problem{result->message, {}});
    }
    const unsigned number = ++m_last_number;
    m_answers[policy] = {repository, request.tag, number, std::nullopt};
    ++m_missing;
    m_scanner.submit(std::move(request), [this, policy, number](registry::DigestResult&& result) {
        take(policy, number, std::move(result));
    });
    return std::nullopt;
}

void Digests::take(const ObjectKey& policy, unsigned number, registry::DigestResult&& result) {
    --m_missing;
    const auto asked = m_answers.find(policy);
    if (asked == m_answers.end() || asked->second.number != number) return;
    asked->second.result = std::move(result);
    m_news = true;
}

void Digests::forget(const std::set<ObjectKey>& repositories) {
    std::erase_if(m_answers, [&](const auto& answer) { return repositories.contains(answer.second.repository); });
}

}  // namespace tidemark::mirror::service
