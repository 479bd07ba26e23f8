// What git, ssh and servers say, read: the server's own lines, the cause of a failure in one sentence, the
// answers of `push --porcelain`. All of it is untrusted text. Pure functions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mirror/base/error.h"
#include "mirror/git/access.h"
#include "mirror/git/remote.h"

namespace tidemark::mirror::git {

/// user:password as an Authorization header of type Basic has it.
SecretString basic_credential(const RemoteAccess& access);

/// Replaces a remote's secrets wherever they occur, as a server may send back what it was sent.
class Redactor {
public:
    explicit Redactor(const RemoteAccess& access);
    std::string apply(std::string text) const;

private:
    std::vector<SecretString> m_secrets;  // longest first
};

/// One line without terminal sequences, control characters and blanks at its end; at most 500 bytes.
std::string clean_line(std::string_view line);

/// git's standard error, told apart.
struct GitMessages {
    std::vector<std::string> server;  // the "remote: " lines, cleaned; at most 100
    std::vector<std::string> local;   // the others, cleaned: git's and ssh's own
};
GitMessages split_messages(std::string_view standard_error);

/// Why a git process failed, from its own words.
struct FailureCause {
    ErrorKind kind = ErrorKind::network;
    Refusal refusal = Refusal::network;
    /// "the server does not accept the credential", with what to do.
    std::string sentence;
};
FailureCause find_cause(const GitMessages& messages);

/// The line in which git says that the files of the mirror itself are damaged; nothing if it says no such thing.
std::optional<std::string> find_damage(const GitMessages& messages, const std::filesystem::path& mirror);

/// A line of `git push --porcelain`.
struct PushLine {
    char flag = ' ';      // '!' refused; ' ', '+', '-', '*', '=' accepted
    std::string ref;      // the remote's, full
    std::string summary;  // "[remote rejected] (pre-receive hook declined)"
};
std::vector<PushLine> parse_push_lines(std::string_view standard_output);

/// The class of a refused line; the server's lines tell a host's rule from a hook of somebody's.
Refusal classify_refusal(const PushLine& line, const std::vector<std::string>& server_lines);

/// Whether git takes it as a branch's name (git-check-ref-format(1)), and no option can be meant.
bool is_branch_name(std::string_view name) noexcept;

}  // namespace tidemark::mirror::git
