// Short ways to scan in tests.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "mirror/registry/scanner.h"

namespace tidemark::mirror::registry {

/// Everything in it that a person would see.
inline std::string printed(const ScanResult& result) {
    std::string text = result.message;
    for (const std::string& warning : result.warnings)
        text += "\n" + warning;
    return text;
}

inline Limits quick_limits() {
    Limits limits;
    limits.retry_delay = std::chrono::milliseconds(5);
    return limits;
}

inline Access access_to(const std::string& host, const std::string& repository) {
    Access access;
    access.name = {host, repository};
    access.timeout = std::chrono::minutes(1);
    return access;
}

inline Credential password_credential(const std::string& user, const std::string& password) {
    Credential credential;
    credential.username = user;
    credential.password = SecretString(password);
    return credential;
}

inline ScanResult scan_one(Scanner& scanner, const Access& access, const BodyHash& last_hash = {}) {
    std::optional<ScanResult> found;
    const std::vector<ScanRequest> requests = {{"one", access, last_hash}};
    scanner.scan(requests, [&](ScanResult&& result) { found = std::move(result); });
    return std::move(found.value());
}

inline DigestResult digest_one(Scanner& scanner, const Access& access, const std::string& tag) {
    const std::vector<DigestRequest> requests = {{"one", access, tag}};
    return std::move(scanner.digests(requests).at(0));
}

inline std::vector<std::string> sorted(const ScanResult& result) {
    std::vector<std::string> tags(result.tags.begin(), result.tags.end());
    std::sort(tags.begin(), tags.end());
    return tags;
}

inline const char* name(Outcome outcome) {
    switch (outcome) {
        case Outcome::whole:
            return "whole";
        case Outcome::partial:
            return "partial";
        case Outcome::failed:
            return "failed";
    }
    return "?";
}

}  // namespace tidemark::mirror::registry
