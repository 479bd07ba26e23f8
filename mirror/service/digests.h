// Digests of tags, asked for beside everything else: who needs one asks, goes on without, and looks again when answers
// have come. An answer is kept until its repository is scanned again. Belongs to the thread of the scanner.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "mirror/registry/scanner.h"
#include "policy/base/result.h"
#include "policy/objects/objects.h"

namespace tidemark::mirror::service {

using policy::ObjectKey;

class Digests {
public:
    explicit Digests(registry::Scanner& scanner) : m_scanner(scanner) {}

    /// What the registry said of the tag of this policy; asks if nobody has. nullopt: it has not answered yet.
    std::optional<policy::Result<std::string>> find(const ObjectKey& policy, const ObjectKey& repository,
                                                    registry::DigestRequest request);
    /// These were scanned: what was said of their tags has to be asked again.
    void forget(const std::set<ObjectKey>& repositories);
    /// Nobody answers any more: the scanner was cancelled.
    void cancelled() {
        m_answers.clear();
        m_missing = 0;
    }

    bool waiting() const noexcept { return m_missing > 0; }
    /// Whether answers have come since the last call.
    bool take_news() noexcept { return std::exchange(m_news, false); }

private:
    struct Answer {
        ObjectKey repository;
        std::string tag;
        unsigned number = 0;  // of the question: a late answer to another one is not taken
        std::optional<registry::DigestResult> result;
    };
    void take(const ObjectKey& policy, unsigned number, registry::DigestResult&& result);

    registry::Scanner& m_scanner;
    std::map<ObjectKey, Answer> m_answers;  // by policy
    unsigned m_last_number = 0;
    std::size_t m_missing = 0;
    bool m_news = false;
};

}  // namespace tidemark::mirror::service
