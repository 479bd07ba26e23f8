// The program `tidemark-hook`.
#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "version") {
        std::puts("tidemark-hook version " TIDEMARK_VERSION);
        return 0;
    }
    std::fputs("usage: tidemark-hook version\n", stderr);
    return 2;
}
