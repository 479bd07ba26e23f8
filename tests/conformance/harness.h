// What every conformance area shares: finding the folder, reading a file of cases, counting the outcomes.
// An area is one function `void check_<area>(Report&)`, called by main.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace tidemark::conformance {

using Json = simdjson::dom::element;

struct Counts {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t differing = 0;  // by design, each explained in differences.md
};

class Report {
public:
    /// `differences` is the text of differences.md: differs() holds the caller to it.
    Report(std::filesystem::path folder, std::string differences);

    const std::filesystem::path& folder() const noexcept { return m_folder; }

    /// The cases of `file` (a JSON array), or an empty list when the folder lacks it: then the file
    /// is named as skipped at the end. Elements stay valid as long as the Report.
    std::vector<Json> cases(const std::string& file);

    void pass(const std::string& file);
    /// `expected` and `actual` are shown for the first failures of each file.
    void fail(const std::string& file, const std::string& id, const std::string& expected, const std::string& actual);
    /// Differs by design: differences.md must name the case's id (in backquotes), else it counts as failed.
    void differs(const std::string& file, const std::string& id);
    /// Whether differences.md names the case's id.
    bool is_listed(const std::string& id) const;
    /// Names a file, or a part of one, that was not checked, with the reason.
    void skip(const std::string& what, const std::string& reason);

    /// Prints a line a file; true if nothing failed and something was checked.
    bool finish() const;

private:
    std::filesystem::path m_folder;
    std::string m_differences;
    std::map<std::string, simdjson::dom::parser> m_parsers;
    std::map<std::string, Counts> m_counts;
    std::map<std::string, std::string> m_skipped;
};

/// Members that may be missing or null.
std::optional<std::string> text(Json object, std::string_view key);
bool truth(Json object, std::string_view key);
std::vector<std::string> texts(Json object, std::string_view key);

}  // namespace tidemark::conformance
