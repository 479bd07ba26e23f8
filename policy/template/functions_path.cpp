// sprig's functions on slash-separated paths: Go's package path (filepath is the same on Linux).
#include "policy/template/functions.h"
#include "policy/template/text_tools.h"

namespace tidemark::policy::message {
namespace {

/// Go's path.Clean: no empty, `.` or avoidable `..` elements.
std::string cleaned(std::string_view path) {
    const bool rooted = path.starts_with('/');
    std::vector<std::string_view> kept;
    for (const std::string_view element : split_text(path, "/", -1)) {
        if (element.empty() || element == ".") continue;
        if (element != "..") {
            kept.push_back(element);
        } else if (!kept.empty() && kept.back() != "..") {
            kept.pop_back();
        } else if (!rooted) {
            kept.push_back(element);
        }
    }
    std::string result = rooted ? "/" : "";
    for (const std::string_view element : kept) {
        if (!result.empty() && result.back() != '/') result += '/';
        result += element;
    }
    return result.empty() ? "." : result;
}

Result<Value> clean(Call& call) {
    return call.context.text(cleaned(call.text(0)));
}

Result<Value> base(Call& call) {
    std::string_view path = call.text(0);
    if (path.empty()) return Context::view(".");
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (const std::size_t slash = path.rfind('/'); slash != std::string_view::npos) path.remove_prefix(slash + 1);
    return Context::view(path.empty() ? "/" : path);
}

Result<Value> dir(Call& call) {
    const std::string_view path = call.text(0);
    const std::size_t slash = path.rfind('/');
    return call.context.text(cleaned(slash == std::string_view::npos ? "" : path.substr(0, slash + 1)));
}

Result<Value> ext(Call& call) {
    const std::string_view path = call.text(0);
    const std::size_t place = path.find_last_of("./");
    const bool dot = place != std::string_view::npos && path[place] == '.';
    return Context::view(dot ? path.substr(place) : std::string_view());
}

Result<Value> is_abs(Call& call) {
    return Value::boolean(call.text(0).starts_with('/'));
}

constexpr Function k_functions[] = {
    {"base", "s", base},    {"osBase", "s", base},    {"dir", "s", dir},     {"osDir", "s", dir},
    {"ext", "s", ext},      {"osExt", "s", ext},      {"clean", "s", clean}, {"osClean", "s", clean},
    {"isAbs", "s", is_abs}, {"osIsAbs", "s", is_abs},
};

}  // namespace

std::span<const Function> path_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
