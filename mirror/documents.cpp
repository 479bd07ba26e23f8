// A program of the build, not installed: writes what is made from the table of commands, manual pages and completions,
// below a folder as it stands below PREFIX/share.
//
//   tidemark-documents FOLDER CONFIGURATION
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "mirror/base/files.h"
#include "mirror/cli/completion.h"
#include "mirror/cli/manual.h"

namespace {

using namespace tidemark::mirror;

void write(const std::filesystem::path& path, const std::string& text) {
    create_folder(path.parent_path(), 0755);
    AtomicFile file(path, 0644);
    file.write(text);
    file.commit(Durability::whole_only);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: tidemark-documents FOLDER CONFIGURATION\n", stderr);
        return 1;
    }
    try {
        const std::filesystem::path folder = argv[1];
        for (const auto& [place, text] : cli::manual_pages(read_file(argv[2], std::size_t{1} << 20)))
            write(folder / "man" / place, text);
        write(folder / "completions/tidemark", cli::completion_script(cli::Shell::bash));
        write(folder / "completions/_tidemark", cli::completion_script(cli::Shell::zsh));
        write(folder / "completions/tidemark.fish", cli::completion_script(cli::Shell::fish));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tidemark-documents: %s\n", error.what());
        return 1;
    }
}
