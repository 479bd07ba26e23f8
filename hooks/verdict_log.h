// The log of verdicts: one JSON line a judged push, appended to a file (0640, one write, so that lines of pushes at the
// same time do not mix) or sent to syslog. Nothing that goes wrong here changes a verdict or reaches the pusher.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::hooks {

class VerdictLog {
public:
    /// `target` as the rules have it: an absolute path, "syslog", or empty for none.
    explicit VerdictLog(const std::string& target) noexcept;
    ~VerdictLog();
    VerdictLog(const VerdictLog&) = delete;
    VerdictLog& operator=(const VerdictLog&) = delete;

    /// -1 without a log.
    int descriptor() const noexcept { return m_descriptor; }
    /// The bytes to write for a line.
    std::string frame(std::string_view line) const;
    void write(std::string_view line) noexcept;

private:
    int m_descriptor = -1;
    bool m_syslog = false;
};

}  // namespace tidemark::hooks
