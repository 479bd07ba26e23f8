// Preloaded: a process whose steady clock goes ahead by as many seconds as the file that CLOCK_AHEAD names says,
// however often that changes. libfaketime knows nothing of the waits of C++20, which then never end.
#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace {

template <typename Function>
Function real(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

time_t ahead() {
    static const char* const file = std::getenv("CLOCK_AHEAD");
    char digits[16] = {};
    const int descriptor = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0) return 0;
    const ssize_t count = read(descriptor, digits, sizeof digits - 1);
    close(descriptor);
    return count > 0 ? std::atol(digits) : 0;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static const auto ask = real<int (*)(clockid_t, timespec*)>("clock_gettime");
    const int result = ask(clock, time);
    if (result == 0 && clock == CLOCK_MONOTONIC) time->tv_sec += ahead();
    return result;
}

extern "C" int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                      const timespec* until) {
    static const auto wait =
        real<int (*)(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>("pthread_cond_clockwait");
    timespec real_until = *until;
    if (clock == CLOCK_MONOTONIC) real_until.tv_sec -= ahead();
    return wait(condition, mutex, clock, &real_until);
}
