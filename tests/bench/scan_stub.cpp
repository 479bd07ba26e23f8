// Scans every repository of registry-stub a few times with one Scanner, as the service does between two intervals, and
// prints what it cost. What it is compared with, and how to run it: tests/bench/README.md.
//   scan_stub NAMES [--ca FILE] [--rounds N]
// NAMES: a file with one image name a line. --ca: trust this as a private CA; without it the system's certificates
// hold (SSL_CERT_FILE adds one).
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "mirror/base/files.h"
#include "mirror/registry/scanner.h"
#include "policy/image/reference.h"

namespace {

using namespace tidemark;
using Clock = std::chrono::steady_clock;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

std::vector<mirror::registry::ScanRequest> read_requests(const char* file, const std::string& ca_pem) {
    std::ifstream names(file);
    std::vector<mirror::registry::ScanRequest> requests;
    for (std::string line; std::getline(names, line);) {
        const auto name = policy::parse_repository_name(line);
        if (!name) continue;
        mirror::registry::ScanRequest request;
        request.id = line;
        request.access.name = *name;
        request.access.tls.ca_pem = ca_pem;
        requests.push_back(std::move(request));
    }
    return requests;
}

struct Totals {
    std::size_t whole = 0;
    std::size_t tags = 0;
    std::size_t requests = 0;
    std::string message;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: scan_stub NAMES [--ca FILE] [--rounds N]\n", stderr);
        return 1;
    }
    std::string ca_pem;
    int rounds = 5;
    for (int i = 2; i < argc; ++i) {
        if (std::strcmp(argv[i], "--ca") == 0 && i + 1 < argc) ca_pem = mirror::read_file(argv[++i], 1U << 20U);
        if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) rounds = std::atoi(argv[++i]);
    }
    std::vector<mirror::registry::ScanRequest> requests = read_requests(argv[1], ca_pem);
    mirror::registry::Scanner scanner;
    const auto count = static_cast<double>(requests.size());
    for (int round = 1; round <= rounds; ++round) {
        Totals totals;
        const double cpu = cpu_seconds();
        const auto start = Clock::now();
        scanner.scan(requests, [&](mirror::registry::ScanResult&& result) {
            totals.whole += result.outcome == mirror::registry::Outcome::whole ? 1 : 0;
            totals.tags += result.tags.size();
            totals.requests += result.requests;
            if (!result.message.empty()) totals.message = result.message;
        });
        const double wall = std::chrono::duration<double>(Clock::now() - start).count();
        const double spent = cpu_seconds() - cpu;
        std::printf(
            "round %d: %zu of %zu whole, %zu tags, %.3f requests/repo, wall %.3f s, CPU %.4f ms/repo, peak %.1f MiB "
            "%s\n",
            round, totals.whole, requests.size(), totals.tags, static_cast<double>(totals.requests) / count, wall,
            spent * 1000 / count, static_cast<double>(peak_kib()) / 1024, totals.message.c_str());
    }
    return 0;
}
