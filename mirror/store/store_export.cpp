// The export: what a lost state could not learn again, in a plain file beside it.
#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/store/database.h"
#include "mirror/store/export_lines.h"
#include "mirror/store/json_reader.h"

namespace tidemark::mirror::store {
namespace {

using policy::ObjectKind;
using simdjson::dom::object;

/// Beside twice its size when it was last written anew.
constexpr std::int64_t k_slack = std::int64_t{1} << 20U;
constexpr std::size_t k_places_told = 5;
constexpr const char* k_size_mark = "export_size";
constexpr const char* k_base_mark = "export_base";

constexpr std::array<ObjectKind, 4> k_kinds = {ObjectKind::image_repository, ObjectKind::image_policy,
                                               ObjectKind::image_update_automation, ObjectKind::git_repository};

std::chrono::sys_seconds time_in(const object& line, std::string_view name) {
    return get_time(line, name).value_or(std::chrono::sys_seconds());
}
bool flag_in(const object& line, std::string_view name) {
    std::int64_t value = 0;
    return line.at_key(name).get(value) == simdjson::SUCCESS && value != 0;
}

Decision decision_in(const object& line) {
    Decision decision;
    decision.spec_hash = get_text(line, "spec");
    decision.canonical_name = get_text(line, "canonicalName");
    decision.latest = {get_text(line, "image"), get_text(line, "tag"), get_text(line, "digest")};
    decision.first_seen = time_in(line, "firstSeen");
    decision.decided = time_in(line, "decided");
    decision.unproven = flag_in(line, "unproven");
    decision.outdated = true;  // the image's tags may have changed meanwhile
    return decision;
}

Suspension suspension_in(const object& line) {
    return {flag_in(line, "suspended"), flag_in(line, "specSuspended"), get_text(line, "who"), get_text(line, "reason"),
            time_in(line, "when")};
}

/// Puts one line into the store. False: nobody knows what it is.
bool apply(Store& store, const object& line) {
    const std::string what = get_text(line, "what");
    const ObjectKey key{get_text(line, "namespace"), get_text(line, "name")};
    if (what == "decision") {
        store.put_decision(key, decision_in(line));
    } else if (what == "pin") {
        store.put_pin(key, {get_text(line, "tag"), get_text(line, "who"), get_text(line, "reason"),
                            time_in(line, "when"), get_time(line, "until")});
    } else if (what == "unpin") {
        store.remove_pin(key);
    } else if (what == "suspension") {
        const std::string name = get_text(line, "kind");
        const auto kind = std::find_if(k_kinds.begin(), k_kinds.end(),
                                       [&](ObjectKind other) { return policy::kind_name(other) == name; });
        if (kind == k_kinds.end()) return false;
        store.put_suspension(*kind, key, suspension_in(line));
    } else if (what == "push") {
        store.put_push(key, get_text(line, "branch"), {get_text(line, "commit"), time_in(line, "when")});
    } else if (what == "write") {
        store.put_write(
            key, {get_text(line, "file"), get_text(line, "setter"), get_text(line, "value"), get_text(line, "commit")});
    } else if (what == "tags") {
        // Without the exclusion list and the body's hash, so that the next scan reads all of it.
        TagList list = store.find_tag_list(key).value_or(TagList{});
        apply_tags(line, list);
        store.put_tag_list(key, list);
    } else {
        return false;
    }
    return true;
}

std::filesystem::path aside(const std::filesystem::path& file) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return fmt::format("{}.damaged-{}", file.string(), std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

}  // namespace

std::optional<std::int64_t> Store::Database::mark(const std::string& name) const {
    std::optional<std::int64_t> value;
    each(
        "reading a mark", "SELECT value FROM marks WHERE name = ?", [&](const Prepared& row) { value = row.number(0); },
        name);
    return value;
}

void Store::Database::put_mark(const std::string& name, std::int64_t value) const {
    run("writing a mark",
        "INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name,
        value);
}

/// An export that is behind stays so, whatever is appended, until it is written anew.
void Store::Database::write_export_mark() {
    const std::int64_t size = export_size < 0 ? -1 : export_size + static_cast<std::int64_t>(pending_lines.size());
    put_mark(k_size_mark, size);
}

void Store::Database::append_pending_lines() {
    const std::string lines = std::exchange(pending_lines, {});
    if (export_size < 0) {
        // What is there may end within a line. It is written anew in any case.
        (void)exported->append("\n" + lines);
        return;
    }
    const bool whole = exported->append(lines).empty();
    export_size = whole ? export_size + static_cast<std::int64_t>(lines.size()) : -1;
}

void Store::open_export(bool existed) {
    Database& database = *m_database;
    database.exported.emplace(database.folder / "export.jsonl");
    const std::int64_t size = database.exported->size();
    const std::optional<std::int64_t> mark = database.mark(k_size_mark);
    database.export_base = database.mark(k_base_mark).value_or(0);
    if (mark && *mark == size) database.export_size = size;
    if (mark) return;
    bool empty = true;
    database.each("looking for content", "SELECT 1 FROM decisions UNION ALL SELECT 1 FROM tag_lists LIMIT 1",
                  [&](const Prepared&) { empty = false; });
    if (!empty) return;
    if (!database.exported->exists()) {
        database.export_size = 0;
        return;
    }
    // A state without anything, beside an export: it is that of a state that is gone.
    if (!existed) database.warning = fmt::format("the state file was missing in {}", database.folder.string());
    read_back();
}

void Store::read_back() {
    Database& database = *m_database;
    const std::filesystem::path& file = database.exported->path();
    std::size_t taken = 0;
    std::size_t bad = 0;
    std::string places;
    simdjson::dom::parser parser;
    Transaction change(*this);
    database.reading_back = true;
    read_lines(file, [&](std::optional<std::string_view> text, std::size_t number) {
        const std::optional<object> line = text ? read_line(parser, *text) : std::nullopt;
        if (line && apply(*this, *line)) {
            ++taken;
        } else if (++bad <= k_places_told) {
            places += fmt::format("{} {}", bad > 1 ? "," : "", number);
        }
    });
    database.reading_back = false;
    database.put_mark(k_size_mark, -1);
    change.commit();
    if (!database.warning.empty()) database.warning += "; ";
    database.warning += fmt::format("decisions, pins, suspensions and first-seen times came back from {} ({} lines)",
                                    file.string(), taken);
    if (bad == 0) return;
    database.warning += fmt::format("; {} of its lines are damaged and were left out: line{}{}", bad, places,
                                    bad > k_places_told ? ", ..." : "");
    if (database.rehearsal) return;
    const std::filesystem::path kept = aside(file);
    std::error_code error;
    std::filesystem::rename(file, kept, error);
    if (!error) database.warning += fmt::format("; it is kept as {}", kept.string());
}

std::string Store::tidy_export() {
    Database& database = *m_database;
    if (database.rehearsal || !database.exported) return {};
    const std::int64_t size = database.exported->size();
    const bool behind = database.export_size < 0 || size != database.export_size;
    if (!behind && size <= 2 * database.export_base + k_slack) return {};
    const std::string failure = database.exported->replace([&](const std::function<void(std::string_view)>& put) {
        for (const auto& [key, pin] : pins())
            put(pin_line(key, &pin));
        for (const ObjectKind kind : k_kinds)
            for (const auto& [key, suspension] : suspensions(kind))
                put(suspension_line(kind, key, suspension));
        for (const auto& [key, decision] : decisions())
            put(decision_line(key, decision));
        database.each(
            "reading pushes", "SELECT object_namespace, name, branch, commit_id, pushed FROM pushes",
            [&](const Prepared& row) {
                put(push_line({row.text(0), row.text(1)}, row.text(2), {row.text(3), time_of(row.number(4))}));
            });
        database.each(
            "reading written values", "SELECT object_namespace, name, file, setter, value, commit_id FROM writes",
            [&](const Prepared& row) {
                put(write_line({row.text(0), row.text(1)}, {row.text(2), row.text(3), row.text(4), row.text(5)}));
            });
        database.each(
            "reading tags",
            "SELECT object_namespace, name, canonical_name, COALESCE(scan_times.scanned, tag_lists.scanned), lines "
            "FROM tag_lists LEFT JOIN scan_times USING (object_namespace, name)",
            [&](const Prepared& row) {
                TagList list;
                list.canonical_name = row.text(2);
                list.scanned = time_of(row.number(3));
                list.lines = row.text(4);
                put(tags_line({row.text(0), row.text(1)}, nullptr, list));
            });
    });
    if (!failure.empty())
        return fmt::format("the export {} is behind, and would not bring back all if the state were lost: {}",
                           database.exported->path().string(), failure);
    database.export_size = database.export_base = database.exported->size();
    Transaction change(*this);
    database.put_mark(k_base_mark, database.export_base);
    database.put_mark(k_size_mark, database.export_size);
    change.commit();
    return {};
}

}  // namespace tidemark::mirror::store
