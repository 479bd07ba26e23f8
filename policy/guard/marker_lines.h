// Markers by the text of their lines: for files that are no YAML on either side of a push, or too large to be read
// as such. A line is known by its key and the image it names, not by where it stands. One thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "policy/guard/field.h"
#include "policy/guard/field_tree.h"

namespace tidemark::policy::guard {

class MarkerLines {
public:
    /// Both whole files.
    MarkerLines(std::string_view before, std::string_view after);
    void for_each_loss(const FieldTree::TakeLoss& take) const;
    /// Lines were left out: see k_max_occurrences.
    bool is_full() const noexcept { return m_occurrences > k_max_occurrences; }

private:
    void read(std::string_view bytes, Side side, bool marked);
    std::map<std::string, Field, std::less<>> m_fields;
    std::size_t m_occurrences = 0;
};

}  // namespace tidemark::policy::guard
