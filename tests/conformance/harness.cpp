#include "tests/conformance/harness.h"

#include <fmt/format.h>

namespace tidemark::conformance {
namespace {

constexpr std::size_t k_failures_shown = 10;

std::string shortened(const std::string& text) {
    constexpr std::size_t k_limit = 2000;
    return text.size() <= k_limit ? text : text.substr(0, k_limit) + "...";
}

}  // namespace

Report::Report(std::filesystem::path folder, std::string differences)
    : m_folder(std::move(folder)), m_differences(std::move(differences)) {}

std::vector<Json> Report::cases(const std::string& file) {
    const std::filesystem::path path = m_folder / file;
    if (!std::filesystem::exists(path)) {
        skip(file, "not in " + m_folder.string());
        return {};
    }
    m_counts[file];
    std::vector<Json> list;
    for (Json element : m_parsers[file].load(path.string()).get_array())
        list.push_back(element);
    return list;
}

void Report::pass(const std::string& file) {
    ++m_counts[file].passed;
}

void Report::fail(const std::string& file, const std::string& id, const std::string& expected,
                  const std::string& actual) {
    if (++m_counts[file].failed > k_failures_shown) return;
    fmt::print("FAILED {} {}\n  expected {}\n  actual   {}\n", file, id, shortened(expected), shortened(actual));
}

void Report::differs(const std::string& file, const std::string& id) {
    if (!is_listed(id)) {
        fail(file, id, "a difference listed in tests/conformance/differences.md", "not listed there");
        return;
    }
    ++m_counts[file].differing;
}

bool Report::is_listed(const std::string& id) const {
    return m_differences.find("`" + id + "`") != std::string::npos;
}

void Report::skip(const std::string& what, const std::string& reason) {
    m_skipped[what] = reason;
}

bool Report::finish() const {
    Counts all;
    for (const auto& [file, counts] : m_counts) {
        fmt::print("{:<36} {:>5} passed, {} failed, {} differing by design\n", file, counts.passed, counts.failed,
                   counts.differing);
        all.passed += counts.passed;
        all.failed += counts.failed;
        all.differing += counts.differing;
    }
    for (const auto& [what, reason] : m_skipped)
        fmt::print("SKIPPED {}: {}\n", what, reason);
    fmt::print("conformance: {} passed, {} failed, {} differing by design\n", all.passed, all.failed, all.differing);
    return all.failed == 0 && all.passed > 0;
}

std::optional<std::string> text(Json object, std::string_view key) {
    std::string_view value;
    if (object[key].get(value) != simdjson::SUCCESS) return std::nullopt;
    return std::string(value);
}

bool truth(Json object, std::string_view key) {
    bool value = false;
    return object[key].get(value) == simdjson::SUCCESS && value;
}

std::vector<std::string> texts(Json object, std::string_view key) {
    std::vector<std::string> list;
    simdjson::dom::array array;
    if (object[key].get(array) != simdjson::SUCCESS) return list;
    for (Json element : array) {
        std::string_view value;
        if (element.get(value) == simdjson::SUCCESS) list.emplace_back(value);
    }
    return list;
}

}  // namespace tidemark::conformance
