#include "mirror/cli/ssh_key.h"

#include <charconv>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <stdlib.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/base/subprocess.h"
#include "mirror/base/temporary_folder.h"

namespace tidemark::mirror::cli {
namespace {

constexpr std::size_t k_key_limit = std::size_t{64} << 10;

std::optional<std::string> check_algorithm(const std::string& value) {
    if (value.empty()) return "no public key algorithm given, must be one of: rsa, ecdsa, ed25519";
    if (value == "rsa" || value == "ecdsa" || value == "ed25519") return std::nullopt;
    return fmt::format("unsupported public key algorithm '{}', must be one of: rsa, ecdsa, ed25519", value);
}

std::optional<std::string> check_bits(const std::string& value) {
    if (value.empty()) return std::nullopt;
    int bits = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
    if (error != std::errc() || end != value.data() + value.size()) {
        return fmt::format("strconv.Atoi: parsing \"{}\": invalid syntax", value);
    }
    if (bits < 1024) return "RSA key bit size must be at least 1024";
    if (bits % 8 != 0) return "RSA key bit size must be a multiples of 8";
    return std::nullopt;
}

std::optional<std::string> check_curve(const std::string& value) {
    if (value == "p256" || value == "p384" || value == "p521") return std::nullopt;
    return fmt::format("unsupported curve '{}', must be one of: p256, p384, p521", value);
}

std::string run_openssh(const char* program, std::vector<std::string> arguments, std::chrono::milliseconds timeout) {
    const auto path = find_program(program);
    if (!path) throw Error(ErrorKind::not_found, fmt::format("{} is missing: install openssh-client", program));
    mirror::Command command;
    command.arguments = std::move(arguments);
    command.arguments.insert(command.arguments.begin(), path->string());
    command.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"};
    command.timeout = timeout;
    const ProcessResult result = run_process(command);
    if (!result.ok()) {
        throw Error(ErrorKind::invalid, fmt::format("{} {}: {}", program, describe(result, timeout), result.error));
    }
    return result.output;
}

std::string curve_bits(const std::string& curve) {
    return curve.substr(1);
}

}  // namespace

void add_ssh_key_flags(FlagSet& flags, SshKeyOptions& options) {
    const auto add = [&flags](const char* name, const char* type, const char* description, std::string& target,
                              std::optional<std::string> (*check)(const std::string&)) {
        flags.add({name, '\0', type, description, [&target, check](const std::string& value) {
                       auto refusal = check(value);
                       if (!refusal && !value.empty()) target = value;
                       return refusal;
                   }});
    };
    add("ssh-key-algorithm", "rsa|ecdsa|ed25519", "of a generated key (default ecdsa)", options.algorithm,
        check_algorithm);
    add("ssh-rsa-bits", "bits", "size of a generated RSA key (default 2048)", options.bits, check_bits);
    add("ssh-ecdsa-curve", "p256|p384|p521", "of a generated ECDSA key (default p384)", options.curve, check_curve);
}

SshKey generate_ssh_key(const SshKeyOptions& options) {
    const TemporaryFolder folder("key");
    const std::filesystem::path file = folder.path() / "identity";
    std::vector<std::string> arguments = {
        "-q", "-N", "", "-C", "tidemark", "-f", file.string(), "-t", options.algorithm};
    if (options.algorithm == "rsa") arguments.insert(arguments.end(), {"-b", options.bits});
    if (options.algorithm == "ecdsa") arguments.insert(arguments.end(), {"-b", curve_bits(options.curve)});
    run_openssh("ssh-keygen", std::move(arguments), std::chrono::minutes(1));
    return {read_file(file, k_key_limit), read_file(file.string() + ".pub", k_key_limit)};
}

SshKey read_ssh_key(const std::string& path) {
    SshKey key;
    try {
        key.private_key = read_file(path, k_key_limit);
    } catch (const Error& error) {
        throw Error(error.kind(), std::string("failed to open private key file: ") + error.what());
    }
    if (key.private_key.find("PRIVATE KEY-----") == std::string::npos) {
        throw Error(ErrorKind::invalid, "ssh: no key found");
    }
    const std::filesystem::path beside = path + ".pub";
    key.public_key = std::filesystem::exists(beside)
                         ? read_file(beside, k_key_limit)
                         : run_openssh("ssh-keygen", {"-y", "-f", path}, std::chrono::seconds(10));
    return key;
}

std::string scan_host_keys(const std::string& url, std::chrono::milliseconds timeout) {
    std::string_view authority = std::string_view(url).substr(url.find("//") + 2);
    authority = authority.substr(0, authority.find('/'));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    std::string_view port = "22";
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
    if (authority.empty() || authority.front() == '-') throw Error(ErrorKind::usage, "the address names no host");
    std::string keys =
        run_openssh("ssh-keyscan", {"-T", "10", "-p", std::string(port), "--", std::string(authority)}, timeout);
    if (keys.empty()) {
        throw Error(ErrorKind::network,
                    fmt::format("{} port {} told no host key: give --known-hosts-file", authority, port));
    }
    return keys;
}

}  // namespace tidemark::mirror::cli
