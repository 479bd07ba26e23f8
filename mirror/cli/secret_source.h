// Where the `create secret` commands take secrets from, and where they put them.
#pragma once

#include <map>
#include <string>

#include "mirror/cli/command.h"
#include "mirror/cli/create.h"

namespace tidemark::mirror::cli {

/// Reads the file, or standard input where `path` is "-", without the newline at its end.
/// For --password-file and the like: what stands on a command line, everybody on the machine can read.
std::string read_secret_file(const std::string& path, const Streams& streams);

struct SecretContent {
    std::string name;
    std::string type;  // empty: Opaque, which is not written
    policy::Labels labels;
    std::map<std::string, std::string> data;
};

/// Prints the Secret (with --export), or writes its keys to SECRETS/NAMESPACE/NAME/KEY with mode 0600.
int deliver_secret(const SecretContent& secret, const CreateOptions& options, const Call& call);

}  // namespace tidemark::mirror::cli
