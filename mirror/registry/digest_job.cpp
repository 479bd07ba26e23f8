// The digest a tag points to: HEAD, and where that does not say, GET and the hash of the manifest's bytes.
#include <utility>

#include <fmt/format.h>

#include "mirror/registry/job.h"

namespace tidemark::mirror::registry {
namespace {

// All of them, or a registry answers with another object's digest, or 404.
constexpr std::string_view k_manifest_types =
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";

class DigestJob final : public Job {
public:
    DigestJob(DigestRequest request, Host& registry_host, const Limits& limits, DigestDone done)
        : Job(request.access, registry_host), m_tag(std::move(request.tag)), m_limits(limits), m_done(std::move(done)) {
        m_result.id = std::move(request.id);
    }

    Question question() const override {
        return {m_with_body ? http::Method::get : http::Method::head, "/v2/" + repository + "/manifests/" + m_tag,
                k_manifest_types, m_with_body ? m_limits.manifest_bytes : 0};
    }

    std::string subject() const override { return fmt::format("the digest of {}:{}", repository, m_tag); }

    Progress take(const http::Response& response) override {
        if (m_with_body) return take_manifest(response);
        const auto digest = response.header("Docker-Content-Digest");
        if (response.status == 200 && digest && is_digest(*digest)) {
            m_result.digest = *digest;
            return Progress::finished;
        }
        if (response.status == 404) {
            give_up(refusal(response, {}));
            return Progress::finished;
        }
        m_with_body = true;  // also where HEAD is refused: only GET tells why
        return Progress::ask_again;
    }

    void give_up(GiveUp reason) override {
        m_result.message = std::move(reason.message);
        m_result.kind = reason.kind;
        m_result.http_status = reason.http_status;
        m_result.retry_after = reason.retry_after;
    }

    void deliver() override {
        m_result.requests = requests;
        m_done(std::move(m_result));
    }

private:
    Progress take_manifest(const http::Response& response) {
        if (response.status != 200) {
            give_up(refusal(response, response.body));
        } else if (!response.body.starts_with('{')) {
            give_up({ErrorKind::invalid,
                     response.status,
                     fmt::format("{} answered something that is no manifest for {}", host.name, subject()),
                     {}});
        } else {
            // The header is not asked: the bytes cannot be wrong about themselves.
            m_result.digest = "sha256:" + to_hex(sha256(response.body));
        }
        return Progress::finished;
    }

    const std::string m_tag;
    const Limits& m_limits;
    DigestDone m_done;
    DigestResult m_result;
    bool m_with_body = false;
};

}  // namespace

std::unique_ptr<Job> make_digest_job(DigestRequest request, Host& host, const Limits& limits, DigestDone done) {
    return std::make_unique<DigestJob>(std::move(request), host, limits, std::move(done));
}

}  // namespace tidemark::mirror::registry
