#include "mirror/git/marker_state.h"

#include <algorithm>
#include <map>

#include "mirror/git/cache_bytes.h"

namespace tidemark::mirror::git {
namespace {

// The last digit is the version: another one reads as "nothing".
constexpr std::string_view k_state_magic = "tidemark markers 1\n";
constexpr std::string_view k_ids_magic = "tidemark unmarked 1\n";
void write_findings(CacheWriter& writer, const policy::Findings& findings) {
    writer.number(findings.size());
    for (const policy::Finding& finding : findings) {
        writer.number(finding.severity == policy::Severity::error ? 1 : 0);
        writer.text(finding.place.file);
        writer.number(finding.place.line);
        writer.number(finding.place.column);
        writer.text(finding.subject);
        writer.text(finding.message);
        writer.text(finding.remedy);
    }
}

policy::Findings read_findings(CacheReader& reader) {
    policy::Findings findings(reader.count(7));
    for (policy::Finding& finding : findings) {
        finding.severity = reader.number() == 1 ? policy::Severity::error : policy::Severity::warning;
        finding.place.file = reader.text();
        finding.place.line = reader.number();
        finding.place.column = reader.number();
        finding.subject = reader.text();
        finding.message = reader.text();
        finding.remedy = reader.text();
    }
    return findings;
}

void write_file(CacheWriter& writer, const MarkedFile& file, const std::map<std::string_view, std::size_t>& setters) {
    writer.path(file.seen_as);
    writer.text(file.path == file.seen_as ? std::string_view() : std::string_view(file.path));
    writer.id(file.blob);
    writer.number(file.mode);
    writer.number(file.values.size());
    for (const MarkedValue& value : file.values) {
        writer.number(setters.at(value.setter));
        writer.text(value.value);
        writer.number(value.line);
    }
    write_findings(writer, file.findings);
}

MarkedFile read_file(CacheReader& reader, const std::vector<std::string_view>& setters) {
    MarkedFile file;
    file.seen_as = reader.path();
    file.path = reader.text();
    if (file.path.empty()) file.path = file.seen_as;
    file.blob = reader.id();
    file.mode = static_cast<std::uint32_t>(reader.number());
    file.values.resize(reader.count(3));
    for (MarkedValue& value : file.values) {
        const std::uint64_t setter = reader.number();
        if (setter < setters.size()) value.setter = setters[static_cast<std::size_t>(setter)];
        value.value = reader.text();
        value.line = static_cast<std::uint32_t>(reader.number());
    }
    file.findings = read_findings(reader);
    return file;
}

}  // namespace

std::string encode_state(const MarkerState& state) {
    CacheWriter writer(k_state_magic);
    writer.text(state.update_path);
    writer.id(state.tree);
    writer.text(state.root_path);
    writer.id(state.root);
    writer.number(state.root_mode);
    // Each setter's name once; the views stay valid as long as `state`.
    std::map<std::string_view, std::size_t> setters;
    for (const MarkedFile& file : state.files)
        for (const MarkedValue& value : file.values)
            setters.try_emplace(value.setter, 0);
    writer.number(setters.size());
    std::size_t next = 0;
    for (auto& [name, index] : setters) {
        index = next++;
        writer.text(name);
    }
    writer.number(state.files.size());
    for (const MarkedFile& file : state.files)
        write_file(writer, file, setters);
    writer.number(state.links.size());
    for (const MarkedLink& link : state.links) {
        writer.path(link.path);
        writer.id(link.blob);
    }
    write_findings(writer, state.tree_findings);
    return writer.finish();
}

std::optional<MarkerState> decode_state(std::string_view bytes) {
    CacheReader reader(bytes, k_state_magic);
    MarkerState state;
    state.update_path = reader.text();
    state.tree = reader.id();
    state.root_path = reader.text();
    state.root = reader.id();
    state.root_mode = static_cast<std::uint32_t>(reader.number());
    std::vector<std::string_view> setters(reader.count(1));
    for (std::string_view& name : setters)
        name = reader.text();
    const std::size_t files = reader.count(20);
    state.files.reserve(files);
    for (std::size_t i = 0; i < files && reader.ok(); ++i)
        state.files.push_back(read_file(reader, setters));
    const std::size_t links = reader.count(20);
    for (std::size_t i = 0; i < links && reader.ok(); ++i) {
        std::string path = reader.path();
        state.links.push_back({std::move(path), reader.id()});
    }
    state.tree_findings = read_findings(reader);
    if (!reader.at_end()) return std::nullopt;
    return state;
}

std::string encode_ids(const std::vector<ObjectId>& ids) {
    CacheWriter writer(k_ids_magic);
    writer.number(ids.size());
    for (const ObjectId& id : ids)
        writer.id(id);
    return writer.finish();
}

std::optional<std::vector<ObjectId>> decode_ids(std::string_view bytes) {
    CacheReader reader(bytes, k_ids_magic);
    std::vector<ObjectId> ids(reader.count(20));
    for (ObjectId& id : ids)
        id = reader.id();
    if (!reader.at_end() || !std::is_sorted(ids.begin(), ids.end())) return std::nullopt;
    return ids;
}

}  // namespace tidemark::mirror::git
