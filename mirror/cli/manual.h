// The manual pages, made of what `--help` prints, and where the shells' completions go: run when the program is built,
// so that neither can say something else than the program does. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tidemark::mirror::cli {

/// Pages by their place below share/man: "man1/tidemark.1", one for each first word ("man1/tidemark-create.1"),
/// "man1/tidemark-hook.1", and "man5/tidemark.yaml.5", which shows the installed `configuration`.
std::map<std::string, std::string> manual_pages(std::string_view configuration);

}  // namespace tidemark::mirror::cli
