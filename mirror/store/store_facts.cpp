// What stood where when it was last looked at: the way of each tag, values in Git, branches, mirrors.
#include <simdjson.h>

#include "mirror/store/database.h"
#include "mirror/store/json_reader.h"
#include "mirror/store/json_writer.h"

namespace tidemark::mirror::store {
namespace {

using std::chrono::sys_seconds;

constexpr std::size_t k_fields_of_a_value = 5;

/// One text for all values: written and read together, and there may be thousands.
std::string to_json(const std::vector<ValueInGit>& values) {
    JsonWriter writer;
    writer.open('[');
    for (const ValueInGit& value : values)
        for (const std::string& field :
             {value.policy.object_namespace, value.policy.name, value.file, value.setter, value.value}) {
            writer.next();
            writer.text(field);
        }
    writer.close(']');
    return writer.take();
}

std::string words_json(const std::vector<std::string>& words) {
    JsonWriter writer;
    writer.open('[');
    for (const std::string& word : words) {
        writer.next();
        writer.text(word);
    }
    writer.close(']');
    return writer.take();
}

std::vector<std::string> read_texts(simdjson::dom::parser& parser, const std::string& text) {
    simdjson::dom::array list;
    return parser.parse(text).get(list) == simdjson::SUCCESS ? get_texts(list) : std::vector<std::string>();
}

}  // namespace

std::vector<HistoryEntry> Store::history(const ObjectKey& policy) {
    std::vector<HistoryEntry> all;
    m_database->each(
        "reading a policy's history",
        "SELECT tag, digest, chosen, written, commit_id FROM history WHERE object_namespace = ? AND name = ? "
        "ORDER BY id",
        [&](const Prepared& row) {
            all.push_back(
                {row.text(0), row.text(1), time_of(row.number(2)), optional_time_of(row.number(3)), row.text(4)});
        },
        policy.object_namespace, policy.name);
    return all;
}

void Store::add_choice(const ObjectKey& policy, const policy::LatestReference& latest, sys_seconds chosen) {
    Change change(*this, m_database->in_transaction);
    m_database->run("writing a policy's history",
                    "INSERT INTO history (object_namespace, name, tag, digest, chosen, written, commit_id) VALUES "
                    "(?, ?, ?, ?, ?, 0, '')",
                    policy.object_namespace, policy.name, latest.tag, latest.digest, seconds_of(chosen));
    m_database->run("dropping old history",
                    "DELETE FROM history WHERE object_namespace = ? AND name = ? AND id <= (SELECT id FROM history "
                    "WHERE object_namespace = ? AND name = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                    policy.object_namespace, policy.name, policy.object_namespace, policy.name,
                    static_cast<std::int64_t>(k_history_kept));
    change.commit();
}

void Store::add_written(const ObjectKey& policy, const policy::LatestReference& latest, sys_seconds written,
                        const std::string& commit_id) {
    Change change(*this, m_database->in_transaction);
    const auto complete = [&] {
        m_database->run("writing a policy's history",
                        "UPDATE history SET written = ?, commit_id = ? WHERE id = (SELECT MAX(id) FROM history "
                        "WHERE object_namespace = ? AND name = ? AND tag = ? AND digest = ?)",
                        seconds_of(written), commit_id, policy.object_namespace, policy.name, latest.tag,
                        latest.digest);
        return m_database->changes() > 0;
    };
    if (!complete()) {
        add_choice(policy, latest, written);
        complete();
    }
    change.commit();
}

std::vector<ValueInGit> Store::values_in_git(const ObjectKey& automation) {
    std::vector<ValueInGit> all;
    m_database->each(
        "reading values in Git", "SELECT content FROM values_in_git WHERE object_namespace = ? AND name = ?",
        [&](const Prepared& row) {
            simdjson::dom::parser parser;
            std::vector<std::string> texts = read_texts(parser, row.text(0));
            all.reserve(texts.size() / k_fields_of_a_value);
            for (std::size_t i = 0; i + k_fields_of_a_value <= texts.size(); i += k_fields_of_a_value)
                all.push_back({{std::move(texts[i]), std::move(texts[i + 1])},
                               std::move(texts[i + 2]),
                               std::move(texts[i + 3]),
                               std::move(texts[i + 4])});
        },
        automation.object_namespace, automation.name);
    return all;
}

void Store::put_values_in_git(const ObjectKey& automation, const std::vector<ValueInGit>& values) {
    m_database->run("writing values in Git",
                    "INSERT INTO values_in_git (object_namespace, name, content) VALUES (?, ?, ?) "
                    "ON CONFLICT (object_namespace, name) DO UPDATE SET content = excluded.content",
                    automation.object_namespace, automation.name, to_json(values));
}

std::map<ObjectKey, BranchFacts> Store::branch_facts() {
    std::map<ObjectKey, BranchFacts> all;
    simdjson::dom::parser parser;
    m_database->each("reading facts of branches",
                     "SELECT object_namespace, name, checkout_branch, checkout_tip, push_branch, push_tip, "
                     "commits_ahead, commits_behind, commits_foreign, remote_words, url, looked FROM branch_facts",
                     [&](const Prepared& row) {
                         BranchFacts& facts = all[{row.text(0), row.text(1)}];
                         facts.checkout = row.text(2);
                         facts.checkout_tip = row.text(3);
                         facts.push = row.text(4);
                         facts.push_tip = row.text(5);
                         facts.ahead = static_cast<std::size_t>(row.number(6));
                         facts.behind = static_cast<std::size_t>(row.number(7));
                         facts.foreign = static_cast<std::size_t>(row.number(8));
                         facts.remote_words = read_texts(parser, row.text(9));
                         facts.url = row.text(10);
                         facts.looked = time_of(row.number(11));
                     });
    return all;
}

void Store::put_branch_facts(const ObjectKey& automation, const BranchFacts& facts) {
    m_database->run(
        "writing facts of branches",
        "INSERT INTO branch_facts (object_namespace, name, checkout_branch, checkout_tip, push_branch, push_tip, "
        "commits_ahead, commits_behind, commits_foreign, remote_words, url, looked) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (object_namespace, name) DO UPDATE SET "
        "checkout_branch = excluded.checkout_branch, checkout_tip = excluded.checkout_tip, "
        "push_branch = excluded.push_branch, push_tip = excluded.push_tip, commits_ahead = excluded.commits_ahead, "
        "commits_behind = excluded.commits_behind, commits_foreign = excluded.commits_foreign, "
        "remote_words = excluded.remote_words, url = excluded.url, looked = excluded.looked",
        automation.object_namespace, automation.name, facts.checkout, facts.checkout_tip, facts.push, facts.push_tip,
        static_cast<std::int64_t>(facts.ahead), static_cast<std::int64_t>(facts.behind),
        static_cast<std::int64_t>(facts.foreign), words_json(facts.remote_words), facts.url, seconds_of(facts.looked));
}

std::map<ObjectKey, RequestFacts> Store::request_facts() {
    std::map<ObjectKey, RequestFacts> all;
    m_database->each(
        "reading facts of requests",
        "SELECT object_namespace, name, repository, push_branch, checkout_branch, number, reference, title, "
        "url, author, draft, opened, asked, problem FROM request_facts",
        [&](const Prepared& row) {
            RequestFacts& facts = all[{row.text(0), row.text(1)}];
            facts.repository = row.text(2);
            facts.push = row.text(3);
            facts.checkout = row.text(4);
            facts.number = row.number(5);
            facts.reference = row.text(6);
            facts.title = row.text(7);
            facts.url = row.text(8);
            facts.author = row.text(9);
            facts.draft = row.number(10) != 0;
            facts.opened = optional_time_of(row.number(11));
            facts.asked = optional_time_of(row.number(12));
            facts.problem = row.text(13);
        });
    return all;
}

void Store::put_request_facts(const ObjectKey& automation, const RequestFacts& facts) {
    m_database->run(
        "writing facts of a request",
        "INSERT INTO request_facts (object_namespace, name, repository, push_branch, checkout_branch, number, "
        "reference, "
        "title, url, author, draft, opened, asked, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (object_namespace, name) DO UPDATE SET repository = excluded.repository, "
        "push_branch = excluded.push_branch, checkout_branch = excluded.checkout_branch, number = excluded.number, "
        "reference = excluded.reference, title = excluded.title, url = excluded.url, author = excluded.author, "
        "draft = excluded.draft, opened = excluded.opened, asked = excluded.asked, problem = excluded.problem",
        automation.object_namespace, automation.name, facts.repository, facts.push, facts.checkout, facts.number,
        facts.reference, facts.title, facts.url, facts.author, std::int64_t{facts.draft ? 1 : 0},
        seconds_of(facts.opened), seconds_of(facts.asked), facts.problem);
}

void Store::remove_request_facts(const ObjectKey& automation) {
    m_database->run("removing facts of a request", "DELETE FROM request_facts WHERE object_namespace = ? AND name = ?",
                    automation.object_namespace, automation.name);
}

void Store::remove_request_facts() {
    m_database->run("removing facts of requests", "DELETE FROM request_facts");
}

std::vector<MirrorFacts> Store::mirror_facts() {
    std::vector<MirrorFacts> all;
    m_database->each("reading facts of mirrors",
                     "SELECT url, tip, path, fetched, size, error FROM mirror_facts ORDER BY url",
                     [&](const Prepared& row) {
                         all.push_back({row.text(0), row.text(1), row.text(2), time_of(row.number(3)),
                                        static_cast<std::uint64_t>(row.number(4)), row.text(5)});
                     });
    return all;
}

void Store::put_mirror_facts(const MirrorFacts& facts) {
    m_database->run("writing facts of a mirror",
                    "INSERT INTO mirror_facts (url, tip, path, fetched, size, error) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (url) DO UPDATE SET tip = excluded.tip, path = excluded.path, "
                    "fetched = excluded.fetched, size = excluded.size, error = excluded.error",
                    facts.url, facts.tip, facts.path, seconds_of(facts.fetched), static_cast<std::int64_t>(facts.size),
                    facts.error);
}

}  // namespace tidemark::mirror::store
