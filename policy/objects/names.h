// Rules for names that become folder names, refs and arguments. Each check answers why not, or nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::policy {

/// Kubernetes object names (RFC 1123 subdomain): small letters, digits, '-' and '.', at most 253.
std::optional<std::string> find_name_problem(std::string_view name);

/// Kubernetes namespaces (RFC 1123 label): small letters, digits, '-', at most 63.
std::optional<std::string> find_namespace_problem(std::string_view name);

/// What `git check-ref-format --branch` refuses.
std::optional<std::string> find_branch_problem(std::string_view branch);

/// One "[+]source:destination", no deletion, no pattern.
std::optional<std::string> find_refspec_problem(std::string_view refspec);

/// http, https, ssh or file URLs without a password and without anything an argument list or a log could misread.
/// The answer never repeats the URL, which may hold a secret.
std::optional<std::string> find_git_url_problem(std::string_view url);

}  // namespace tidemark::policy
