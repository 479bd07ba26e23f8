// What the page is drawn with: style, script, icon. Files of mirror/web/assets, made part of the program.
#pragma once

#include <array>
#include <string_view>

namespace tidemark::mirror::web {

struct Asset {
    std::string_view path;  // "/assets/<hash of its bytes>/page.css"
    std::string_view content_type;
    std::string_view body;
};

/// In the order of the names below.
extern const std::array<Asset, 3> k_assets;

inline const Asset& style() {
    return k_assets[0];
}
inline const Asset& script() {
    return k_assets[1];
}
inline const Asset& icon() {
    return k_assets[2];
}

}  // namespace tidemark::mirror::web
