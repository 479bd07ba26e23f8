// systemd/tidemark-hooks-verify.{service,timer}.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include "tests/hooks/install/host_fixture.h"

namespace fs = std::filesystem;
using namespace tidemark::tests;

namespace {

const fs::path k_units = fs::path(TIDEMARK_SOURCE_DIR) / "systemd";

std::string value_of(const std::string& unit, const std::string& key) {
    const std::size_t start = unit.find("\n" + key + "=");
    BOOST_REQUIRE(start != std::string::npos);
    const std::size_t value = start + key.size() + 2;
    return unit.substr(value, unit.find('\n', value) - value);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hooks_units, HostFixture)

BOOST_AUTO_TEST_CASE(systemd_takes_both_units) {
    if (skip_without({"systemd-analyze"})) return;
    // The installed program is not on this machine: another that is stands in for it.
    std::string service = read_text(k_units / "tidemark-hooks-verify.service");
    const std::string command = value_of(service, "ExecStart");
    BOOST_TEST(command == "/usr/bin/tidemark hooks verify --repair --report /var/lib/tidemark-hooks/report.json");
    service.replace(service.find(command), command.size(), "/bin/true");
    write_text(folder / "units/tidemark-hooks-verify.service", service);
    fs::copy_file(k_units / "tidemark-hooks-verify.timer", folder / "units/tidemark-hooks-verify.timer");
    for (const char* name : {"tidemark-hooks-verify.service", "tidemark-hooks-verify.timer"}) {
        const CommandResult result =
            run_command({"systemd-analyze", "verify", "--man=no", (folder / "units" / name).string()});
        BOOST_TEST(result.exit_code == 0, result.error);
        BOOST_TEST(!contains(result.error, "tidemark-hooks-verify"), result.error);
    }
}

BOOST_AUTO_TEST_CASE(the_services_capabilities_are_enough_to_repair_and_prove) {
    if (skip_without({"setpriv"})) return;
    if (::geteuid() != 0) {
        std::puts("SKIPPED: only root has capabilities to give away");
        return;
    }
    std::string bounding = "-all";
    std::istringstream names(value_of(read_text(k_units / "tidemark-hooks-verify.service"), "CapabilityBoundingSet"));
    for (std::string name; names >> name;) {
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        bounding += ",+" + name.substr(std::string("cap_").size());
    }
    const fs::path repository = make_repository("srv/acme/fleet.git");
    script(repository / "hooks/pre-receive", "exit 0");
    run_checked({"chown", "-R", "65534:65534", (folder / "srv").string()});
    fs::permissions(folder / "srv", fs::perms(0700));
    BOOST_TEST(install({"--repository", repository.string()}).exit_code == 0);
    fs::remove(repository / "hooks/pre-receive.d/50-tidemark");
    const CommandResult result =
        run_command({"setpriv", "--no-new-privs", "--bounding-set=" + bounding, "--inh-caps=-all",
                     (fs::path(TIDEMARK_BINARY_DIR) / "tidemark").string(), "hooks", "verify", "--repair", "--rules",
                     rules.string(), "--report", (folder / "report.json").string()},
                    {{}, environment});
    BOOST_TEST(result.exit_code == 0, result.error);
    BOOST_TEST(contains(result.output, "armed"), result.output);
    BOOST_TEST(fs::exists(folder / "report.json"));
}

BOOST_AUTO_TEST_SUITE_END()
