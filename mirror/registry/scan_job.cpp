// A repository's tag list: pages by Link, with the guards that keep a broken or hostile registry from leading us in
// circles, elsewhere, or into keeping too much.
#include <cstring>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "mirror/registry/job.h"

namespace tidemark::mirror::registry {
namespace {

constexpr std::size_t k_query_limit = 4096;
constexpr std::size_t k_warnings_limit = 5;

class ScanJob final : public Job {
public:
    ScanJob(ScanRequest request, Host& registry_host, const Limits& limits, TagListReader& reader, ScanDone done)
        : Job(request.access, registry_host),
          m_limits(limits),
          m_reader(reader),
          m_last_hash(std::move(request.last_hash)),
          m_done(std::move(done)),
          m_without_size(registry_host.refuses_page_size) {
        m_result.id = std::move(request.id);
        start_over();
    }

    Question question() const override {
        std::string path = "/v2/" + repository + "/tags/list";
        if (!m_query.empty()) path += "?" + m_query;
        return {http::Method::get, std::move(path), {}, m_limits.body_bytes};
    }

    std::string subject() const override { return "the tag list of " + repository; }

    Progress take(const http::Response& response) override {
        if (response.status != 200) return take_refusal(response);
        keep_warnings(response);
        host.refuses_page_size = m_without_size;
        return m_guessing ? take_guessed_page(response) : take_page(response);
    }

    void give_up(GiveUp reason) override {
        m_result.outcome = m_page > 0 ? Outcome::partial : Outcome::failed;
        m_result.message = std::move(reason.message);
        if (m_page > 0) m_result.message += fmt::format(", after {} pages with {} tags", m_page, m_result.tags.size());
        m_result.kind = reason.kind;
        m_result.http_status = reason.http_status;
        m_result.retry_after = reason.retry_after;
        m_result.left_alone = reason.left_alone;
    }

    void deliver() override {
        m_result.requests = requests;
        if (m_dropped > 0) {
            m_result.warnings.push_back(fmt::format(
                "{} names in the tag list of {} are no valid tags and were left out", m_dropped, repository));
        }
        m_done(std::move(m_result));
    }

private:
    void start_over() {
        m_query = m_without_size ? "" : fmt::format("n={}", m_limits.page_size);
        m_page = 0;
        m_guessing = false;
        m_dropped = 0;
        m_result.tags.clear();
        m_result.storage.clear();
        m_result.hash.clear();
        m_queries.clear();
        led_to.reset();
        foreign = false;
    }

    Progress finish_whole() {
        m_result.outcome = Outcome::whole;
        if (!m_last_hash.empty() && m_result.hash == m_last_hash) {
            m_result.unchanged = true;
            m_result.tags.clear();
            m_result.storage.clear();
        }
        return Progress::finished;
    }

    Progress stop(ErrorKind kind, int status, std::string message) {
        give_up({kind, status, std::move(message), {}});
        return Progress::finished;
    }

    Progress take_refusal(const http::Response& response) {
        const int status = response.status;
        // Old Quay and strict servers refuse n=1000. What stands for login and absence means what it says.
        const bool about_size = status >= 400 && status < 500 && status != 403 && status != 404;
        if (m_guessing && about_size) return finish_whole();  // `last` means nothing to it
        if (m_page == 0 && about_size && !m_query.empty()) {
            m_without_size = true;
            start_over();
            return Progress::ask_again;
        }
        // zot answers 404 where the tag that `last` names was deleted between two pages.
        if (m_page > 0 && status == 404 && !m_started_over) {
            m_started_over = true;
            start_over();
            return Progress::ask_again;
        }
        give_up(refusal(response, response.body));
        return Progress::finished;
    }

    Progress take_page(const http::Response& response) {
        const std::string body_hash = sha256(response.body);
        const auto link = next_link(response);
        if (m_page == 0 && !link && !m_last_hash.empty() && body_hash == m_last_hash) {
            m_result.hash = m_last_hash;
            return finish_whole();
        }
        const std::size_t before = m_result.tags.size();
        const auto page = read_page(response);
        if (!page) {
            return stop(ErrorKind::invalid, response.status,
                        fmt::format("{} answered 200 OK for {}, but with {}", host.name, subject(), page.message()));
        }
        const bool repeats = m_page > 0 && body_hash == m_body_hash;
        const bool empty = page->tags + page->dropped == 0;
        m_body_hash = body_hash;
        add_to_hash(body_hash);
        ++m_page;
        if (m_result.tags.size() >= m_limits.tags) return too_much("tags", m_limits.tags);
        if (!link) return after_last_page(page->tags + page->dropped);
        if (repeats || empty || link->size() > k_query_limit || !m_queries.insert(*link).second) {
            m_result.tags.resize(repeats ? before : m_result.tags.size());
            return stop(ErrorKind::invalid, response.status,
                        fmt::format("the pages of {} at {} do not end: {}", subject(), host.name,
                                    empty ? "an empty page names a next one" : "a page came twice"));
        }
        if (m_page >= m_limits.pages) return too_much("pages", m_limits.pages);
        return ask_page(*link);
    }

    /// The next page is asked for where this one came from, whatever host, port and path the link names: some
    /// registries write them wrong, and a hostile one must not choose them.
    Progress ask_page(const std::string& query) {
        m_query = query;
        if (led_to && foreign) {
            led_to->query = query;
        } else {
            led_to.reset();
        }
        return Progress::ask_again;
    }

    std::optional<std::string> next_link(const http::Response& response) const {
        for (std::size_t i = 0; i < 8; ++i) {
            const auto header = response.header("Link", i);
            if (!header) return std::nullopt;
            if (auto query = next_query(*header)) return query;
        }
        return std::nullopt;
    }

    /// Some registries heed n but send no Link (old GHCR, Gitea, Nexus): a page of exactly n may be cut. One more
    /// request with the last tag tells.
    Progress after_last_page(std::size_t size) {
        const bool perhaps_cut = size == m_limits.page_size && !m_without_size && !m_result.tags.empty() && !foreign;
        if (!perhaps_cut) return finish_whole();
        m_guessing = true;
        return ask_page(fmt::format("n={}&last={}", m_limits.page_size, http::escape_query(m_result.tags.back())));
    }

    Progress take_guessed_page(const http::Response& response) {
        // Marked, so that this list never equals one that fitted a single page: it is asked for again each time.
        if (m_result.hash.size() == 32) m_result.hash += '+';
        const std::string body_hash = sha256(response.body);
        if (body_hash == m_body_hash) return finish_whole();
        const std::size_t before = m_result.tags.size();
        const auto page = read_page(response);
        if (!page) {
            return stop(ErrorKind::invalid, response.status,
                        fmt::format("{} answered 200 OK for {}, but with {}", host.name, subject(), page.message()));
        }
        if (!keep_new_tags(before)) return finish_whole();
        m_body_hash = body_hash;
        add_to_hash(body_hash);
        ++m_page;
        if (m_result.tags.size() >= m_limits.tags) return too_much("tags", m_limits.tags);
        if (m_page >= m_limits.pages) return too_much("pages", m_limits.pages);
        return after_last_page(page->tags + page->dropped);
    }

    /// Takes those of the tags from `before` on out again that were there already; false if none is new.
    bool keep_new_tags(std::size_t before) {
        std::vector<std::string_view>& tags = m_result.tags;
        std::unordered_set<std::string_view> seen(tags.begin(), tags.begin() + static_cast<std::ptrdiff_t>(before));
        std::size_t kept = before;
        for (std::size_t i = before; i < tags.size(); ++i) {
            if (seen.insert(tags[i]).second) tags[kept++] = tags[i];
        }
        tags.resize(kept);
        return kept > before;
    }

    Progress too_much(std::string_view what, std::size_t limit) {
        return stop(
            ErrorKind::invalid, 200,
            fmt::format("{} at {} has more than {} {}; it was read no further", subject(), host.name, limit, what));
    }

    /// Appends the page's tags; their bytes move from the transfer's buffer into the result.
    policy::Result<TagPage> read_page(const http::Response& response) {
        std::vector<std::string_view>& tags = m_result.tags;
        const std::size_t before = tags.size();
        auto page = m_reader.read(response.body, tags);
        if (!page) return page;
        m_dropped += page->dropped;
        if (page->tags == 0) return page;
        std::size_t size = 0;
        for (std::size_t i = before; i < tags.size(); ++i)
            size += tags[i].size();
        std::unique_ptr<char[]> bytes(new char[size]);
        char* end = bytes.get();
        for (std::size_t i = before; i < tags.size(); ++i) {
            std::memcpy(end, tags[i].data(), tags[i].size());
            tags[i] = {end, tags[i].size()};
            end += tags[i].size();
        }
        m_result.storage.push_back(std::move(bytes));
        return page;
    }

    void add_to_hash(const std::string& body_hash) {
        m_result.hash = m_result.hash.empty() ? body_hash : sha256(m_result.hash + body_hash);
    }

    void keep_warnings(const http::Response& response) {
        for (std::size_t i = 0; m_result.warnings.size() < k_warnings_limit; ++i) {
            const auto header = response.header("Warning", i);
            if (!header) return;
            std::string text =
                fmt::format("{} warns: {}", host.name, clean_text(without_secrets(std::string(*header)), 300));
            bool known = false;
            for (const std::string& warning : m_result.warnings)
                known = known || warning == text;
            if (!known) m_result.warnings.push_back(std::move(text));
        }
    }

    const Limits& m_limits;
    TagListReader& m_reader;
    const BodyHash m_last_hash;
    ScanDone m_done;
    ScanResult m_result;
    bool m_without_size;
    std::string m_query;
    std::string m_body_hash;  // of the page before
    std::unordered_set<std::string> m_queries;
    unsigned m_page = 0;
    std::size_t m_dropped = 0;
    bool m_guessing = false;
    bool m_started_over = false;
};

}  // namespace

std::unique_ptr<Job> make_scan_job(ScanRequest request, Host& host, const Limits& limits, TagListReader& reader,
                                   ScanDone done) {
    return std::make_unique<ScanJob>(std::move(request), host, limits, reader, std::move(done));
}

}  // namespace tidemark::mirror::registry
