// Walks one document's libyaml events: records them, finds the marked scalars and the markers that mark nothing.
// Used by scan.cpp only; not for several threads at once.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/setters/gap.h"
#include "policy/setters/marker.h"
#include "policy/setters/scan.h"
#include "policy/yaml/parser.h"

namespace tidemark::policy::setters {

class DocumentReader {
public:
    /// `bytes` is the whole file; only `span` is read. Without `marks` only the record is filled.
    DocumentReader(std::string_view bytes, DocumentSpan span, bool marks);

    /// A Problem says why the whole file is not to be touched; its position is a byte of the file.
    std::optional<Problem> read();

    EventRecord& record() noexcept { return m_record; }
    std::vector<ScannedScalar>& scalars() noexcept { return m_scalars; }

    /// A marker that cannot work, with the byte it stands at.
    struct LooseMarker {
        std::size_t position = 0;
        std::string problem;
    };
    const std::vector<LooseMarker>& loose_markers() const noexcept { return m_loose; }

private:
    struct Frame {
        bool mapping = false;
        bool flow = false;
        bool in_key = false;
        bool expects_key = false;
        bool key_repeats = false;  // the key of the value to come has, by its fingerprint, been here before
        std::uint32_t anchor = 0;
        std::size_t items = 0;
        std::size_t start = 0;  // its event
        std::size_t key = 0;    // the event of the current key
        std::uint64_t fingerprints = 0;
    };
    enum class Role { root, key, value, item };

    std::optional<Problem> take(const yaml::EventView& event);
    std::optional<Problem> take_scalar(const yaml::EventView& event, Role role);
    std::optional<Problem> check_shape(const yaml::EventView& event, Role role) const;
    std::uint32_t number_anchor(std::string_view name);
    std::size_t byte_of(std::size_t character);
    Role next_role() const noexcept;
    void node_done() noexcept;
    void note_key(std::string_view text) noexcept;
    void pass_gap(std::size_t end);
    void pass_bracket(const yaml::EventView& event, std::size_t size);
    ScalarPlace place_of(const yaml::EventView& event);
    std::optional<Comment> line_comment(const ScalarPlace& place) const;
    std::optional<Comment> comment_above(Role role, bool first_item) const;
    void mark(const yaml::EventView& event, const ScalarPlace& place, const Comment& comment, std::uint32_t anchor);
    void finish_marks();
    void finish_comments();
    bool is_duplicate();
    std::string path_to_here() const;

    std::string_view m_bytes;
    DocumentSpan m_span;
    bool m_marks;
    bool m_ascii = true;
    std::size_t m_origin = 0;  // the byte that libyaml calls character 0
    std::size_t m_known_character = 0;
    std::size_t m_known_byte = 0;

    EventRecord m_record;
    std::vector<ScannedScalar> m_scalars;
    std::vector<LooseMarker> m_loose;
    std::vector<Frame> m_frames;
    std::map<std::string, std::uint32_t, std::less<>> m_anchors;
    std::uint32_t m_anchor_count = 0;
    std::set<std::uint32_t> m_aliased;
    std::size_t m_duplicate_steps = 0;
    std::vector<std::pair<std::size_t, std::uint32_t>> m_scalar_anchors;  // scalar, anchor it is under

    std::size_t m_text_end = 0;   // behind the last scalar, alias or bracket
    std::size_t m_next_hash = 0;  // the next "#" at or after m_text_end, or the span's end
    Gap m_gap;
    std::vector<Comment> m_comments;
    std::set<std::size_t> m_used;  // comments that marked a scalar
};

}  // namespace tidemark::policy::setters
