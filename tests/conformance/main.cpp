// Runs the areas named in CONFORMANCE_AREAS over the conformance folder: TIDEMARK_CONFORMANCE, else the full set
// in ../shared/conformance beside the project where it is, else the cases that come with the project.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "tests/conformance/harness.h"

namespace tidemark::conformance {

void check_selection(Report& report);
void check_setters(Report& report);
void check_templates(Report& report);
void check_cli(Report& report);

namespace {

std::filesystem::path find_folder() {
    if (const char* folder = std::getenv("TIDEMARK_CONFORMANCE")) return folder;
    const std::filesystem::path project = TIDEMARK_SOURCE_DIR;
    const std::filesystem::path beside = project.parent_path() / "shared" / "conformance";
    return std::filesystem::exists(beside) ? beside : project / "tests/conformance/data";
}

std::string read(const std::filesystem::path& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

template <class... Check>
bool run(Check... check) {
    Report report(find_folder(), read(std::filesystem::path(TIDEMARK_SOURCE_DIR) / "tests/conformance/differences.md"));
    fmt::print("conformance folder: {}\n", report.folder().string());
    (check(report), ...);
    return report.finish();
}

}  // namespace
}  // namespace tidemark::conformance

// CONFORMANCE_AREAS is the list of functions to run, e.g. check_setters,check_cli.
int main() {
    using namespace tidemark::conformance;
    return run(CONFORMANCE_AREAS) ? 0 : 1;
}
