#include "policy/setters/document_reader.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace tidemark::policy::setters {
namespace {

constexpr std::string_view k_token = "$imagepolicy";
constexpr std::string_view k_bom = "\xef\xbb\xbf";

using yaml::EventKind;
using yaml::EventView;
using yaml::ScalarStyle;

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_block(ScalarStyle style) noexcept {
    return style == ScalarStyle::literal || style == ScalarStyle::folded;
}

EventType scalar_type_of(const EventView& event) noexcept {
    const bool plain = event.style == ScalarStyle::plain && event.tag.empty();
    return plain && is_null_text(event.value) ? EventType::null : EventType::scalar;
}

/// `\\/` in double quotes: libyaml knows it, the readers of Flux and Kubernetes refuse the file.
bool has_refused_escape(std::string_view text, ScalarStyle style) noexcept {
    if (style != ScalarStyle::double_quoted) return false;
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 2)) {
        if (at + 1 < text.size() && text[at + 1] == '/') return true;
    }
    return false;
}

std::string escape_path(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '~') {
            escaped += "~0";
        } else if (c == '/') {
            escaped += "~1";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace

DocumentReader::DocumentReader(std::string_view bytes, DocumentSpan span, bool marks)
    : m_bytes(bytes), m_span(span), m_marks(marks) {
    const std::string_view text = bytes.substr(span.begin, span.end - span.begin);
    m_ascii = is_ascii(text);
    m_origin = span.begin + (text.substr(0, k_bom.size()) == k_bom ? k_bom.size() : 0);
    m_known_byte = m_text_end = m_origin;
    m_next_hash = std::min(bytes.find('#', m_text_end), span.end);
}

std::optional<Problem> DocumentReader::read() {
    const std::string_view text = m_bytes.substr(m_span.begin, m_span.end - m_span.begin);
    if (text.substr(0, 2) == "\xff\xfe" || text.substr(0, 2) == "\xfe\xff")
        return Problem{"the document is UTF-16, not UTF-8", m_span.begin};
    yaml::EventStream events(text);
    EventView event;
    while (events.next(event)) {
        if (event.kind == EventKind::document_end || event.kind == EventKind::stream_end) break;
        if (event.kind == EventKind::stream_start || event.kind == EventKind::document_start) continue;
        if (auto problem = take(event)) return problem;
    }
    if (const auto& error = events.error()) {
        // libyaml counts the bytes of its reader's errors, the characters of all others.
        const bool from_reader = error->mark.line == 0 && error->mark.column == 0;
        const std::size_t at = from_reader ? m_span.begin + error->mark.index : byte_of(error->mark.index);
        return Problem{error->message, std::min(at, m_span.end)};
    }
    if (m_marks) {
        pass_gap(m_span.end);
        finish_marks();
        finish_comments();
    }
    return std::nullopt;
}

std::optional<Problem> DocumentReader::take(const EventView& event) {
    if (m_record.size() >= k_max_events)
        return Problem{fmt::format("a document holds more than {} nodes", k_max_events), m_span.begin};
    if (event.kind == EventKind::mapping_end || event.kind == EventKind::sequence_end) {
        const bool mapping = event.kind == EventKind::mapping_end;
        if (m_frames.back().flow) pass_bracket(event, 1);
        m_record.add(mapping ? EventType::mapping_end : EventType::sequence_end, {}, {}, 0);
        m_frames.pop_back();
        node_done();
        return std::nullopt;
    }

    const Role role = next_role();
    if (auto problem = check_shape(event, role)) return problem;
    if (event.kind == EventKind::scalar) return take_scalar(event, role);
    if (event.kind == EventKind::alias) {
        const auto anchor = m_anchors.find(event.anchor);
        if (anchor == m_anchors.end())
            // Not by its name: it may be a password that begins with '*' and has no quotes.
            return Problem{"an alias names no anchor of its document", byte_of(event.start.index)};
        m_aliased.insert(anchor->second);
        if (role == Role::key) note_key("*");
        m_record.add(EventType::alias, event.anchor, {}, anchor->second);
        pass_gap(byte_of(event.start.index));
        m_text_end = byte_of(event.end.index);
        node_done();
        return std::nullopt;
    }

    if (m_frames.size() >= k_max_depth)
        return Problem{fmt::format("nested deeper than {} levels", k_max_depth), byte_of(event.start.index)};
    Frame frame;
    frame.mapping = frame.expects_key = event.kind == EventKind::mapping_start;
    frame.flow = event.flow;
    frame.in_key = role == Role::key || (!m_frames.empty() && m_frames.back().in_key);
    frame.anchor = number_anchor(event.anchor);
    frame.start = m_record.size();
    if (role == Role::key) note_key("?");
    m_record.add(frame.mapping ? EventType::mapping_start : EventType::sequence_start, {}, event.tag, frame.anchor);
    if (event.flow) pass_bracket(event, 1);
    m_frames.push_back(frame);
    return std::nullopt;
}

/// Each document must be a mapping (or nothing), and its metadata too.
std::optional<Problem> DocumentReader::check_shape(const EventView& event, Role role) const {
    const bool nothing = event.kind == EventKind::scalar && scalar_type_of(event) == EventType::null;
    if (event.kind == EventKind::mapping_start || nothing || !m_marks) return std::nullopt;
    if (role == Role::root) return Problem{"a document's root is not a mapping", m_span.begin};
    if (role == Role::value && m_frames.size() == 1 && event.kind != EventKind::alias &&
        m_record[m_frames.back().key].type == EventType::scalar && m_record.text(m_frames.back().key) == "metadata")
        return Problem{"metadata is not a mapping", m_span.begin};
    return std::nullopt;
}

std::optional<Problem> DocumentReader::take_scalar(const EventView& event, Role role) {
    const std::uint32_t anchor = number_anchor(event.anchor);
    if (role == Role::key) note_key(event.value);
    const bool missing = event.style == ScalarStyle::plain && event.value.empty();
    if (m_marks && !missing) {
        const ScalarPlace place = place_of(event);
        pass_gap(place.begin);
        m_text_end = place.end;
        if (has_refused_escape(m_bytes.substr(place.begin, place.end - place.begin), place.style))
            return Problem{"the escape \\/ is not known", place.begin};
        const bool visited = (role == Role::value || role == Role::item) && !m_frames.back().in_key;
        if (visited) {
            std::optional<Comment> comment = line_comment(place);
            if (!comment) comment = comment_above(role, m_frames.back().items == 0);
            if (comment) mark(event, place, *comment, anchor);
        }
        if (is_block(event.style) && event.value.find("\"$imagepolicy\"") != std::string_view::npos)
            m_loose.push_back({place.begin, "the marker stands inside a block of text, where it is not a comment"});
    }
    m_record.add(scalar_type_of(event), event.value, event.tag, anchor);
    node_done();
    return std::nullopt;
}

std::uint32_t DocumentReader::number_anchor(std::string_view name) {
    if (name.empty()) return 0;
    m_anchors[std::string(name)] = ++m_anchor_count;
    return m_anchor_count;
}

/// Events come nearly in order, so the walk from the last place is short.
std::size_t DocumentReader::byte_of(std::size_t character) {
    if (m_ascii) return std::min(m_origin + character, m_span.end);
    const auto continues = [this](std::size_t at) { return (static_cast<unsigned char>(m_bytes[at]) & 0xc0) == 0x80; };
    while (m_known_character < character && m_known_byte < m_span.end) {
        ++m_known_byte;
        while (m_known_byte < m_span.end && continues(m_known_byte))
            ++m_known_byte;
        ++m_known_character;
    }
    while (m_known_character > character && m_known_byte > m_origin) {
        --m_known_byte;
        while (m_known_byte > m_origin && continues(m_known_byte))
            --m_known_byte;
        --m_known_character;
    }
    return m_known_byte;
}

DocumentReader::Role DocumentReader::next_role() const noexcept {
    if (m_frames.empty()) return Role::root;
    if (!m_frames.back().mapping) return Role::item;
    return m_frames.back().expects_key ? Role::key : Role::value;
}

void DocumentReader::node_done() noexcept {
    if (m_frames.empty()) return;
    Frame& frame = m_frames.back();
    if (!frame.mapping || !frame.expects_key) ++frame.items;
    if (frame.mapping) frame.expects_key = !frame.expects_key;
}

void DocumentReader::note_key(std::string_view text) noexcept {
    Frame& frame = m_frames.back();
    frame.key = m_record.size();
    const std::uint64_t bit = std::uint64_t{1} << (std::hash<std::string_view>()(text) % 64);
    frame.key_repeats = (frame.fingerprints & bit) != 0;
    frame.fingerprints |= bit;
}

void DocumentReader::pass_gap(std::size_t end) {
    if (m_next_hash < m_text_end) m_next_hash = std::min(m_bytes.find('#', m_text_end), m_span.end);
    if (m_next_hash < end) {
        read_gap(m_bytes, m_text_end, end, m_gap, m_comments);
    } else {
        m_gap.clear();
    }
}

/// A flow collection's bracket: its event ends (or, with an anchor or a tag before "[", begins) at the bracket.
void DocumentReader::pass_bracket(const EventView& event, std::size_t size) {
    if (!m_marks) return;
    const std::size_t end = byte_of(event.end.index);
    if (end < m_text_end + size) return;
    pass_gap(end - size);
    m_text_end = end;
}

/// The event of a scalar begins at its anchor or tag: those and the comments between are skipped.
ScalarPlace DocumentReader::place_of(const EventView& event) {
    ScalarPlace place;
    place.begin = byte_of(event.start.index);
    place.end = byte_of(event.end.index);
    place.style = event.style;
    place.flow = !m_frames.empty() && m_frames.back().flow;
    place.tag = event.tag == "!" ? std::string_view() : event.tag;
    if (event.anchor.empty() && event.tag.empty()) return place;
    std::size_t at = place.begin;
    while (at < place.end) {
        const std::size_t line_end = line_end_size(m_bytes, at);
        if (m_bytes[at] == '&' || m_bytes[at] == '!') {
            while (at < place.end && !is_blank(m_bytes[at]) && line_end_size(m_bytes, at) == 0)
                ++at;
        } else if (m_bytes[at] == '#') {
            at = find_line_end(m_bytes, at);
        } else if (is_blank(m_bytes[at]) || line_end > 0) {
            at += std::max<std::size_t>(line_end, 1);
        } else {
            break;
        }
    }
    place.begin = std::min(at, place.end);
    return place;
}

std::optional<Comment> DocumentReader::line_comment(const ScalarPlace& place) const {
    std::size_t at = place.end;
    if (is_block(place.style)) {
        at = place.begin + 1;
        while (at < place.end && std::string_view("+-0123456789").find(m_bytes[at]) != std::string_view::npos)
            ++at;
    }
    const auto skip_blanks = [this, &at] {
        while (at < m_span.end && is_blank(m_bytes[at]))
            ++at;
    };
    skip_blanks();
    if (place.flow && at < m_span.end && m_bytes[at] == ',') {
        ++at;
        skip_blanks();
    }
    if (at < m_span.end && m_bytes[at] == '#')
        return Comment{at, find_line_end(m_bytes.substr(0, m_span.end), at), false, false, false};
    return std::nullopt;
}

/// The comment before the scalar that counts where its own line has none (conformance/README.md, "Comment above").
std::optional<Comment> DocumentReader::comment_above(Role role, bool first_item) const {
    const auto& after = m_gap.after;
    if (!after.empty()) {
        const Comment& first = after.front();
        // "key: &a # here", "- # here", with the value on a later line; "key: # here" is the mapping's.
        if (!first.own_line) {
            const bool behind_dash = role == Role::item && m_gap.last == '-';
            return behind_dash || first.after_properties ? std::optional(first) : std::nullopt;
        }
        const auto behind_properties =
            std::find_if(after.begin(), after.end(), [](const Comment& comment) { return !comment.own_line; });
        if (behind_properties != after.end())
            return behind_properties->after_properties ? std::optional(*behind_properties) : std::nullopt;
    }
    if (role == Role::value && m_gap.last != ':') return std::nullopt;
    const bool dash = m_gap.last == '-';
    const auto& lines = role == Role::item && dash && after.empty() ? m_gap.before : after;
    std::vector<Comment> own;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(own),
                 [](const Comment& comment) { return comment.own_line; });
    if (own.empty()) return std::nullopt;
    if (role == Role::value || first_item) return own.size() == 1 ? std::optional(own.front()) : std::nullopt;
    // Below another item: a comment with an empty line under it belongs to what is above.
    const bool alone = own.size() == 1 || own[own.size() - 2].blank_below;
    return alone && !own.back().blank_below ? std::optional(own.back()) : std::nullopt;
}

void DocumentReader::mark(const EventView& event, const ScalarPlace& place, const Comment& comment,
                          std::uint32_t anchor) {
    const std::string_view text = m_bytes.substr(comment.begin, comment.end - comment.begin);
    const Marker marker = parse_marker(text);
    if (marker.kind == MarkerKind::broken) {
        m_loose.push_back({comment.begin, marker.problem});
        m_used.insert(comment.begin);
    }
    if (marker.kind != MarkerKind::marker) return;
    m_used.insert(comment.begin);
    if (std::string problem = check_setter(marker.setter); !problem.empty())
        m_loose.push_back({comment.begin, std::move(problem)});
    ScannedScalar scalar;
    scalar.marked.setter = marker.setter;
    scalar.marked.value = event.value;
    scalar.marked.path = path_to_here();
    scalar.marked.begin = place.begin;
    scalar.marked.end = place.end;
    scalar.place = place;
    scalar.event = m_record.size();
    scalar.duplicate = is_duplicate();
    const auto under = [this](std::uint32_t number) {
        if (number != 0) m_scalar_anchors.emplace_back(m_scalars.size(), number);
    };
    for (const Frame& frame : m_frames)
        under(frame.anchor);
    under(anchor);
    m_scalars.push_back(std::move(scalar));
}

/// Exact, but worked out only where the fingerprints of the keys say that it may be so.
bool DocumentReader::is_duplicate() {
    for (const Frame& frame : m_frames) {
        if (!frame.mapping || !frame.key_repeats) continue;
        const std::string_view key = m_record.text(frame.key);
        const EventType type = m_record[frame.key].type;
        for (std::size_t at = frame.start + 1; at < frame.key;) {
            if (m_record[at].type == type && m_record.text(at) == key) return true;
            // Hostile files must not cost the square of their size: beyond this they are not told of duplicates.
            if (++m_duplicate_steps > k_max_events) return false;
            at = m_record.end_of_node(m_record.end_of_node(at));
        }
    }
    return false;
}

std::string DocumentReader::path_to_here() const {
    std::string path;
    for (const Frame& frame : m_frames) {
        path += '/';
        if (!frame.mapping) {
            path += std::to_string(frame.items);
            continue;
        }
        switch (m_record[frame.key].type) {
            case EventType::scalar:
            case EventType::null:
                path += escape_path(m_record.text(frame.key));
                break;
            case EventType::alias:
                path.append("*").append(m_record.text(frame.key));
                break;
            case EventType::mapping_start:
            case EventType::mapping_end:
            case EventType::sequence_start:
            case EventType::sequence_end:
                path += '?';
                break;
        }
    }
    return path;
}

void DocumentReader::finish_marks() {
    for (const auto& [scalar, anchor] : m_scalar_anchors) {
        if (m_aliased.count(anchor) > 0) m_scalars[scalar].aliased = true;
    }
}

/// Markers that no scalar took. Prose on a line of its own that merely shows a marker is left in peace.
void DocumentReader::finish_comments() {
    for (const Comment& comment : m_comments) {
        const std::string_view text = m_bytes.substr(comment.begin, comment.end - comment.begin);
        if (text.find(k_token) == std::string_view::npos || m_used.count(comment.begin) > 0) continue;
        const Marker marker = parse_marker(text);
        const std::size_t first = text.find_first_not_of("# \t");
        if (marker.kind == MarkerKind::broken && comment.own_line && text[first] != '{') continue;
        m_loose.push_back({comment.begin, marker.kind == MarkerKind::broken
                                              ? marker.problem
                                              : "the marker marks nothing: it belongs at the end of a scalar's line"});
    }
}

}  // namespace tidemark::policy::setters
