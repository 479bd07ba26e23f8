// Shared by the suites of policy/objects: objects from a text, findings as lines.
#pragma once

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "policy/objects/read.h"

namespace tidemark::policy::test {

inline ObjectSet read(const std::string& text) {
    return read_objects({{"f.yaml", text}});
}

inline std::string lines_of(const Findings& findings) {
    std::string lines;
    for (const Finding& finding : findings)
        lines += to_string(finding) + "\n";
    return lines;
}

/// True if one of the findings holds the text.
inline bool mentions(const Findings& findings, const std::string& text) {
    return lines_of(findings).find(text) != std::string::npos;
}

/// A document with apiVersion, kind, metadata of flux-system/web, and the spec's lines indented by two.
inline std::string object(const std::string& api_version, const std::string& kind, const std::string& spec) {
    std::string text = "apiVersion: " + api_version + "\nkind: " + kind +
                       "\nmetadata:\n  name: web\n  namespace: flux-system\nspec:\n";
    for (std::size_t start = 0; start < spec.size();) {
        const std::size_t end = std::min(spec.find('\n', start), spec.size());
        text += std::string("  ").append(spec, start, end - start) + "\n";
        start = end + 1;
    }
    return text;
}

/// A spec with one line too many or one wrong, and what the finding says.
struct Mistake {
    std::string spec;
    std::string finding;
};

template <class Object>
const Object& only(const std::map<ObjectKey, Object>& objects) {
    BOOST_REQUIRE_EQUAL(objects.size(), 1U);
    return objects.begin()->second;
}

}  // namespace tidemark::policy::test
