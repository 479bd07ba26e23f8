#include "mirror/cli/secret_source.h"

#include <array>
#include <cerrno>
#include <filesystem>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/cli/configuration.h"
#include "mirror/cli/messages.h"
#include "mirror/cli/names.h"

namespace tidemark::mirror::cli {
namespace {

using policy::yaml::Value;

constexpr std::size_t k_secret_limit = std::size_t{1} << 20;

std::string read_stream(std::FILE* stream) {
    std::string bytes;
    std::array<char, 4096> buffer;
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream)) {
        bytes.append(buffer.data(), count);
        if (bytes.size() > k_secret_limit) throw Error(ErrorKind::invalid, "standard input is too long for a secret");
    }
    if (std::ferror(stream)) throw Error(ErrorKind::storage, "reading standard input: " + describe_errno(errno));
    return bytes;
}

Value object_of(const SecretContent& secret, const Call& call) {
    Value data;
    for (const auto& [key, value] : secret.data)
        data.set(key, value);
    Value object = make_object("v1", "Secret", secret.name, call.global.name_space, secret.labels);
    object.set("stringData", std::move(data)).set_text("type", secret.type);
    return object;
}

}  // namespace

std::string read_secret_file(const std::string& path, const Streams& streams) {
    std::string secret = path == "-" ? read_stream(streams.in) : read_file(path, k_secret_limit);
    if (secret.ends_with('\n')) secret.pop_back();
    if (secret.ends_with('\r')) secret.pop_back();
    return secret;
}

int deliver_secret(const SecretContent& secret, const CreateOptions& options, const Call& call) {
    if (options.export_yaml) {
        const auto yaml = policy::yaml::emit(object_of(secret, call));
        if (!yaml) throw Error(ErrorKind::usage, yaml.message());
        // An empty line ends a Secret here, as in `flux`.
        print(call.streams, "---\n" + *yaml + "\n");
        return 0;
    }
    const auto secrets = configuration_of(call).secrets;
    if (!secrets) {
        throw Error(ErrorKind::usage, "no secrets folder to write to: give --secrets, or --export to print the YAML");
    }
    if (!is_dns_label(call.global.name_space)) {
        throw Error(ErrorKind::usage,
                    fmt::format("namespace must be a valid DNS label: \"{}\"", call.global.name_space));
    }
    if (!secret.labels.empty()) say_warning(call.streams, "labels are for --export: the secrets folder keeps none");
    const std::filesystem::path folder = *secrets / call.global.name_space / secret.name;
    create_folder(folder, 0700);
    std::vector<std::string> keys;
    for (const auto& [key, value] : secret.data) {
        AtomicFile file(folder / key, 0600);
        file.write(value);
        file.commit();
        keys.push_back(key);
    }
    say_done(call.streams, fmt::format("wrote {} ({})", folder.string(), fmt::join(keys, ", ")));
    return 0;
}

}  // namespace tidemark::mirror::cli
