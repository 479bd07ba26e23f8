// The least a process can do: what the hook is compared to on a push that it lets through unseen.
#include <unistd.h>

int main() {
    return ::write(STDOUT_FILENO, "\n", 1) == 1 ? 0 : 1;
}
