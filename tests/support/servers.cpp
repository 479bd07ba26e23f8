#include "tests/support/servers.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace tidemark::tests {
namespace {

namespace fs = std::filesystem;

std::string sha256_hex(std::string_view bytes) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash, &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 failed");
    }
    std::string hex;
    for (unsigned i = 0; i < size; ++i)
        hex += fmt::format("{:02x}", hash[i]);
    return hex;
}

std::vector<std::string> lines_of(const fs::path& path) {
    std::istringstream text(read_text(path));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);)
        lines.push_back(line);
    return lines;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
        text.replace(at, from.size(), to);
    }
}

void make_certificate(const fs::path& folder, const std::string& name, const std::string& usage,
                      const std::string& alternative_names) {
    run_checked({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                 "/CN=" + name, "-keyout", name + ".key", "-out", name + ".csr"},
                {.folder = folder});
    std::string extensions = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=" + usage + "\n";
    if (!alternative_names.empty()) extensions += "subjectAltName=" + alternative_names + "\n";
    write_text(folder / (name + ".ext"), extensions);
    run_checked({"openssl", "x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", "30", "-out", name + ".crt", "-extfile", name + ".ext"},
                {.folder = folder});
}

}  // namespace

Pki::Pki(const fs::path& folder, std::string_view name) : m_folder(folder) {
    fs::create_directories(folder);
    run_checked({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                 "30", "-subj", "/CN=" + std::string(name), "-addext", "basicConstraints=critical,CA:TRUE", "-keyout",
                 "ca.key", "-out", "ca.crt"},
                {.folder = folder});
    make_certificate(folder, "server", "serverAuth", "DNS:localhost,DNS:registry.test,IP:127.0.0.1");
    make_certificate(folder, "client", "clientAuth", "");
}

TokenServer::TokenServer(const fs::path& folder, int seconds, const Pki* pki)
    : m_folder(folder), m_tls(pki != nullptr), m_port(free_port()) {
    fs::create_directories(folder);
    run_checked({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=issuer",
                 "-keyout", "token.key", "-out", "token.crt"},
                {.folder = folder});
    std::vector<std::string> command = {"python3",
                                        TIDEMARK_SOURCE_DIR "/tests/support/token_server.py",
                                        std::to_string(m_port),
                                        "token.key",
                                        "token.crt",
                                        std::to_string(seconds)};
    if (pki != nullptr) {
        command.push_back(pki->file("server.crt"));
        command.push_back(pki->file("server.key"));
    }
    m_process.emplace(command, folder / "token.log", Environment{}, folder);
    m_process->wait_for_port(m_port);
}

std::string TokenServer::realm() const {
    return fmt::format("{}://127.0.0.1:{}/token", m_tls ? "https" : "http", m_port);
}

std::vector<std::string> TokenServer::requests() const {
    return lines_of(m_folder / "token.log");
}

DockerRegistry::DockerRegistry(const fs::path& folder, RegistryOptions options)
    : m_folder(folder), m_port(free_port()) {
    fs::create_directories(folder / "store");
    std::string tls;
    if (options.pki != nullptr) {
        tls = fmt::format(", tls: {{certificate: {}, key: {}", options.pki->file("server.crt").string(),
                          options.pki->file("server.key").string());
        if (options.client_certificates) tls += fmt::format(", clientcas: [{}]", options.pki->file("ca.crt").string());
        tls += "}";
    }
    std::string auth;
    if (options.tokens != nullptr) {
        auth = fmt::format(
            "auth: {{token: {{realm: \"{}\", service: test-registry, issuer: test-issuer, "
            "rootcertbundle: {}}}}}\n",
            options.tokens->realm(), options.tokens->certificate().string());
    } else if (!options.user.empty()) {
        run_checked({"htpasswd", "-Bbc", "-C", "4", (folder / "htpasswd").string(), options.user, options.password});
        auth = fmt::format("auth: {{htpasswd: {{realm: test, path: {}}}}}\n", (folder / "htpasswd").string());
    }
    write_text(folder / "registry.yml",
               fmt::format("version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                           "storage: {{filesystem: {{rootdirectory: {}}}, delete: {{enabled: true}}}}\n"
                           "{}http: {{addr: \"127.0.0.1:{}\"{}}}\n",
                           (folder / "store").string(), auth, m_port, tls));
    m_process.emplace(std::vector<std::string>{"docker-registry", "serve", (folder / "registry.yml").string()},
                      folder / "registry.log");
    m_process->wait_for_port(m_port);
}

std::string DockerRegistry::manifest(std::string_view tag) {
    constexpr std::string_view k_empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    return fmt::format(
        "{{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
        "\"config\":{{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"{}\","
        "\"size\":0}},\"layers\":[],\"annotations\":{{\"tag\":\"{}\"}}}}",
        k_empty, tag);
}

std::string DockerRegistry::add_tags(std::string_view repository, const std::vector<std::string>& tags) {
    const fs::path root = m_folder / "store/docker/registry/v2";
    const fs::path manifests = root / "repositories" / repository / "_manifests";
    std::string digest;
    for (const std::string& tag : tags) {
        const std::string body = manifest(tag);
        const std::string hex = sha256_hex(body);
        digest = "sha256:" + hex;
        write_text(root / "blobs/sha256" / hex.substr(0, 2) / hex / "data", body);
        write_text(manifests / "revisions/sha256" / hex / "link", digest);
        write_text(manifests / "tags" / tag / "index/sha256" / hex / "link", digest);
        write_text(manifests / "tags" / tag / "current/link", digest);
    }
    return digest;
}

void DockerRegistry::remove_tag(std::string_view repository, std::string_view tag) {
    fs::remove_all(m_folder / "store/docker/registry/v2/repositories" / repository / "_manifests/tags" / tag);
}

Nginx::Nginx(const fs::path& folder, std::string_view http, unsigned ports) : m_folder(folder) {
    fs::create_directories(folder);
    std::string text(http);
    for (unsigned i = 1; i <= ports; ++i) {
        m_ports.push_back(free_port());
        replace_all(text, fmt::format("@PORT{}@", i), std::to_string(m_ports.back()));
    }
    std::string config =
        "daemon off; master_process off; pid @FOLDER@/nginx.pid; error_log @FOLDER@/error.log;\n"
        "events {}\n"
        "http {\n"
        "log_format plain '$server_port $request_method $request_uri $status $tidemark_authorization';\n"
        "map $http_authorization $tidemark_authorization { '' -; default $http_authorization; }\n"
        "access_log @FOLDER@/access.log plain;\n"
        "client_body_temp_path @FOLDER@/body; proxy_temp_path @FOLDER@/proxy; fastcgi_temp_path @FOLDER@/fastcgi;\n"
        "uwsgi_temp_path @FOLDER@/uwsgi; scgi_temp_path @FOLDER@/scgi;\n";
    config += text + "\n}\n";
    replace_all(config, "@FOLDER@", folder.string());
    write_text(folder / "nginx.conf", config);
    m_process.emplace(std::vector<std::string>{"nginx", "-p", folder.string(), "-c", (folder / "nginx.conf").string(),
                                               "-e", (folder / "error.log").string()},
                      folder / "nginx.log");
    for (const std::uint16_t port : m_ports)
        m_process->wait_for_port(port);
}

std::vector<std::string> Nginx::requests() const {
    return lines_of(m_folder / "access.log");
}

void Nginx::forget_requests() const {
    fs::resize_file(m_folder / "access.log", 0);
}

OddServer::OddServer(const fs::path& folder, const std::string& mode) : m_port(free_port()) {
    fs::create_directories(folder);
    m_process.emplace(std::vector<std::string>{"python3", TIDEMARK_SOURCE_DIR "/tests/support/odd_server.py", mode,
                                               std::to_string(m_port)},
                      folder / (mode + ".log"));
    m_process->wait_for_port(m_port);
}

}  // namespace tidemark::tests
