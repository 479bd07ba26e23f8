#include "policy/setters/proof.h"

#include <algorithm>
#include <istream>
#include <streambuf>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "policy/setters/scan.h"

namespace tidemark::policy::setters {
namespace {

/// A stream over bytes that are not copied.
class ViewBuffer : public std::streambuf {
public:
    explicit ViewBuffer(std::string_view text) {
        char* begin = const_cast<char*>(text.data());  // a get area is never written to
        setg(begin, begin, begin + text.size());
    }

private:
    std::streamsize xsgetn(char* target, std::streamsize wanted) override {
        const std::streamsize count = std::min<std::streamsize>(wanted, egptr() - gptr());
        std::copy_n(gptr(), count, target);
        setg(eback(), gptr() + count, egptr());
        return count;
    }
};

class Recorder : public YAML::EventHandler {
public:
    explicit Recorder(EventRecord& record) : m_record(record) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { add(EventType::null, {}, {}, anchor); }
    void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override { add(EventType::alias, {}, {}, anchor); }
    void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor, const std::string& text) override {
        add(EventType::scalar, text, tag, anchor);
    }
    void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        add(EventType::sequence_start, {}, tag, anchor);
    }
    void OnSequenceEnd() override { add(EventType::sequence_end, {}, {}, 0); }
    void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        add(EventType::mapping_start, {}, tag, anchor);
    }
    void OnMapEnd() override { add(EventType::mapping_end, {}, {}, 0); }

private:
    void add(EventType type, std::string_view text, std::string_view tag, YAML::anchor_t anchor) {
        m_record.add(type, text, tag, static_cast<std::uint32_t>(anchor));
    }
    EventRecord& m_record;
};

/// Nothing if yaml-cpp cannot read the document. Its own guard stops it at 500 levels.
std::optional<EventRecord> record_with_yaml_cpp(std::string_view document) {
    EventRecord record;
    try {
        ViewBuffer buffer(document);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        Recorder recorder(record);
        parser.HandleNextDocument(recorder);
    } catch (const YAML::Exception&) {
        return std::nullopt;
    }
    return record;
}

bool is_equal(const EventRecord& left, const EventRecord& right, std::size_t at) {
    const RecordedEvent& one = left[at];
    const RecordedEvent& other = right[at];
    if (one.type != other.type || one.anchor != other.anchor || left.tag(at) != right.tag(at)) return false;
    return one.type != EventType::scalar || left.text(at) == right.text(at);
}

/// What keeps the new record from being the old one with the edits, or nothing.
std::optional<std::string> find_difference(const EventRecord& before, const EventRecord& after,
                                           const std::vector<ProvenEdit>& edits) {
    if (before.size() != after.size()) return "the edit would change the document's structure";
    std::size_t edit = 0;
    for (std::size_t at = 0; at < before.size(); ++at) {
        if (edit == edits.size() || edits[edit].event != at) {
            if (!is_equal(before, after, at)) return "the edit would change another value";
            continue;
        }
        const std::string_view wanted = edits[edit++].text;
        if (after[at].type != EventType::scalar || after.text(at) != wanted || after[at].anchor != before[at].anchor ||
            after.tag(at) != before.tag(at))
            return fmt::format("the edited value would not read as \"{}\"", wanted);
    }
    if (edit != edits.size()) return "an edited value is not where it was";
    return std::nullopt;
}

/// Whether both see the edited scalars at the same places with the same texts.
bool agree_on_edits(const EventRecord& one, const EventRecord& other, const std::vector<ProvenEdit>& edits) {
    if (one.size() != other.size()) return false;
    for (const ProvenEdit& edit : edits) {
        if (!is_equal(one, other, edit.event)) return false;
    }
    return true;
}

}  // namespace

std::optional<std::string> prove_edit(std::string_view old_document, const EventRecord& old_record,
                                      std::string_view new_document, const std::vector<ProvenEdit>& edits) {
    const std::optional<EventRecord> after = record_with_yaml_cpp(new_document);
    if (after && !find_difference(old_record, *after, edits)) return std::nullopt;

    const std::optional<EventRecord> before = record_with_yaml_cpp(old_document);
    if (before && agree_on_edits(old_record, *before, edits)) {
        if (!after) return "the second parser could not read the edited document";
        return find_difference(*before, *after, edits);
    }

    const Result<EventRecord> again = record_document(new_document);
    if (!again) return fmt::format("the edited document could not be read again: {}", again.message());
    return find_difference(old_record, *again, edits);
}

}  // namespace tidemark::policy::setters
