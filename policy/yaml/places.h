// From a node to the place people know: file, line, column in bytes. Worked out only when a finding asks.
// Not for several threads at once; the text must outlive it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/finding.h"
#include "policy/yaml/document.h"

namespace tidemark::policy::yaml {

class Places {
public:
    Places(std::string file, std::string_view text) : m_file(std::move(file)), m_text(text) {}

    const std::string& file() const noexcept { return m_file; }

    Place place(const Mark& mark) const;
    Place place(const Node& node) const { return place(Mark{node.index, node.line, node.column}); }

    /// The place of byte `position` of a scalar's value, where it can be told (plain or quoted, on one line, no
    /// escapes before it); else the scalar's.
    Place place(const Node& scalar, std::optional<std::size_t> position) const;

private:
    std::size_t byte_of(std::size_t index) const;

    std::string m_file;
    std::string_view m_text;
    mutable bool m_measured = false;
    mutable bool m_ascii = false;
    mutable std::vector<std::uint32_t> m_checkpoints;  // byte offset of every k_step-th character
};

}  // namespace tidemark::policy::yaml
