#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <signal.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/base/subprocess.h"

using namespace tidemark::mirror;
using namespace std::chrono_literals;

namespace {

Command shell(const std::string& script) {
    Command command;
    command.arguments = {"/bin/sh", "-c", script};
    command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    command.timeout = 60s;  // less than the programs below would last
    return command;
}

/// A deadline by which a shell has begun also on a busy machine.
constexpr auto k_late = 2s;

ProcessResult run_shell(const std::string& script) {
    return run_process(shell(script));
}

/// A zombie counts as gone: its parent is init, not us.
bool is_alive(pid_t process) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(stat), {}};
    return !text.empty() && text.find(") Z ") == std::string::npos;
}

/// A killed process that is not our child goes a moment after the signal.
bool goes_away(pid_t process) {
    for (int i = 0; i < 6000 && is_alive(process); ++i)
        std::this_thread::sleep_for(10ms);
    return !is_alive(process);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_subprocess)

BOOST_AUTO_TEST_CASE(output_error_and_exit_code_are_told_apart) {
    const ProcessResult result = run_shell("echo out; echo err >&2; exit 3");
    BOOST_TEST(result.output == "out\n");
    BOOST_TEST(result.error == "err\n");
    BOOST_TEST(result.status == 3);
    BOOST_TEST(!result.ok());
    BOOST_TEST(describe(result, 1s) == "ended with code 3");
}

BOOST_AUTO_TEST_CASE(input_larger_than_a_pipe_comes_back_whole) {
    const std::string text(3'000'000, 'x');
    Command command = shell("cat");
    command.input = text;
    const ProcessResult result = run_process(command);
    BOOST_TEST(result.ok());
    BOOST_TEST((result.output == text));
}

BOOST_AUTO_TEST_CASE(a_program_that_does_not_read_its_input_is_no_failure) {
    const std::string text(3'000'000, 'x');
    Command command = shell("exit 0");
    command.input = text;
    BOOST_TEST(run_process(command).ok());
}

BOOST_AUTO_TEST_CASE(input_is_empty_when_none_is_given) {
    BOOST_TEST(run_shell("wc -c").output == "0\n");
}

BOOST_AUTO_TEST_CASE(only_the_given_environment_is_there) {
    ::setenv("TIDEMARK_TEST_CANARY", "inherited", 1);
    Command command = shell("env");
    command.arguments = {"/usr/bin/env"};
    command.environment = {"ONLY=this"};
    BOOST_TEST(run_process(command).output == "ONLY=this\n");
    ::unsetenv("TIDEMARK_TEST_CANARY");
}

BOOST_AUTO_TEST_CASE(the_program_runs_in_the_given_folder) {
    Command command = shell("pwd");
    command.folder = "/usr";
    BOOST_TEST(run_process(command).output == "/usr\n");
}

BOOST_AUTO_TEST_CASE(no_other_descriptor_is_inherited) {
    const int leaked = ::dup(STDERR_FILENO);  // without close-on-exec
    const ProcessResult result = run_shell("ls /proc/self/fd | wc -l");
    ::close(leaked);
    BOOST_TEST(result.output == "4\n");  // 0, 1, 2 and the listing's own
}

BOOST_AUTO_TEST_CASE(there_is_no_terminal) {
    BOOST_TEST(!run_shell("exec </dev/tty").ok());
}

BOOST_AUTO_TEST_CASE(signals_are_as_a_program_expects_them) {
    ::signal(SIGPIPE, SIG_IGN);
    const ProcessResult result = run_shell("kill -PIPE $$; echo survived");
    ::signal(SIGPIPE, SIG_DFL);
    BOOST_TEST((result.ending == Ending::signalled));
    BOOST_TEST(result.status == SIGPIPE);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_missing_is_not_found) {
    Command command = shell("");
    command.arguments = {"/nowhere/program"};
    BOOST_CHECK_EXCEPTION(run_process(command), Error, [](const Error& error) {
        return error.kind() == ErrorKind::not_found &&
               std::string(error.what()).find("/nowhere/program") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_the_whole_group) {
    Command command = shell("sleep 300 & echo $!; wait");
    command.timeout = k_late;
    const ProcessResult result = run_process(command);
    BOOST_TEST((result.ending == Ending::timed_out));
    BOOST_TEST(goes_away(std::stoi(result.output)));
    BOOST_TEST(describe(result, k_late) == "did not end within 2 s and was stopped");
}

BOOST_AUTO_TEST_CASE(who_ignores_term_is_killed) {
    Command command = shell("trap '' TERM; echo $$; while :; do sleep 1; done");
    command.timeout = k_late;
    command.grace = 100ms;
    const ProcessResult result = run_process(command);
    BOOST_TEST((result.ending == Ending::timed_out));
    BOOST_TEST(goes_away(std::stoi(result.output)));
}

BOOST_AUTO_TEST_CASE(a_helper_left_behind_neither_delays_for_long_nor_survives) {
    const ProcessResult result = run_shell("sleep 300 & echo $!");
    BOOST_TEST(result.ok());
    BOOST_TEST(goes_away(std::stoi(result.output)));
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_it) {
    std::stop_source source;
    Command command = shell("sleep 300");
    command.stop = source.get_token();
    std::jthread stopper([&source] { source.request_stop(); });
    BOOST_TEST((run_process(command).ending == Ending::stopped));
}

BOOST_AUTO_TEST_CASE(endless_output_is_cut) {
    Command command = shell("yes");
    command.output_limit = 10'000;
    const ProcessResult result = run_process(command);
    BOOST_TEST((result.ending == Ending::output_cut));
    BOOST_TEST(result.output.size() == 10'000u);
}

BOOST_AUTO_TEST_CASE(of_long_errors_the_beginning_and_the_end_are_kept) {
    Command command = shell("echo first >&2; seq 1 200000 >&2; echo last >&2");
    command.error_limit = 1000;
    const ProcessResult result = run_process(command);
    BOOST_TEST(result.ok());
    BOOST_TEST(result.error.size() <= 1000u);
    BOOST_TEST(result.error.starts_with("first\n"));
    BOOST_TEST(result.error.ends_with("last\n"));
}

BOOST_AUTO_TEST_CASE(many_threads_run_programs_at_once) {
    std::vector<std::jthread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&good, i] {
            for (int round = 0; round < 10; ++round) {
                if (run_shell("echo " + std::to_string(i)).output == std::to_string(i) + "\n") ++good;
            }
        });
    }
    threads.clear();
    BOOST_TEST(good == 40);
}

BOOST_AUTO_TEST_CASE(programs_are_found_on_the_path) {
    BOOST_TEST(find_program("sh").has_value());
    BOOST_TEST(!find_program("no-such-program-anywhere").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
