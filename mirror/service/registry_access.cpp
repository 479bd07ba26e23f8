#include "mirror/service/registry_access.h"

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "policy/image/reference.h"

namespace tidemark::mirror::service {
namespace {

using policy::ObjectKey;

const SecretString* find_key(const SecretValues& keys, std::string_view name) {
    const auto found = keys.find(name);
    return found == keys.end() ? nullptr : &found->second;
}

/// The first of several names for one thing: Flux renamed some keys over time.
const SecretString* find_key(const SecretValues& keys, std::string_view name, std::string_view older_name) {
    const SecretString* value = find_key(keys, name);
    return value ? value : find_key(keys, older_name);
}

std::optional<registry::Credential> read_credential(const SecretValues& keys, const ObjectKey& secret,
                                                    const policy::RepositoryName& name) {
    const SecretString* config = find_key(keys, ".dockerconfigjson");
    const SecretString* older_config = find_key(keys, ".dockercfg");
    if (config || older_config) {
        auto credential = config ? registry::docker_config_credential(config->reveal(), name)
                                 : registry::dockercfg_credential(older_config->reveal(), name);
        if (!credential)
            throw Error(ErrorKind::invalid,
                        fmt::format("the Secret {}, key {}: {}", secret.to_string(),
                                    config ? ".dockerconfigjson" : ".dockercfg", credential.message()));
        return std::move(credential).value();
    }
    const SecretString* username = find_key(keys, "username");
    const SecretString* password = find_key(keys, "password");
    if (!username || !password)
        throw Error(
            ErrorKind::invalid,
            fmt::format("the Secret {} holds neither .dockerconfigjson nor username and password", secret.to_string()));
    registry::Credential credential;
    credential.username = username->reveal();
    credential.password = *password;
    return credential;
}

http::TlsSettings read_tls(const SecretValues& keys, const ObjectKey& secret) {
    const SecretString* ca = find_key(keys, "ca.crt", "caFile");
    const SecretString* certificate = find_key(keys, "tls.crt", "certFile");
    const SecretString* key = find_key(keys, "tls.key", "keyFile");
    if (!certificate != !key)
        throw Error(ErrorKind::invalid,
                    fmt::format("the Secret {} holds {} without {}", secret.to_string(),
                                certificate ? "tls.crt" : "tls.key", certificate ? "tls.key" : "tls.crt"));
    if (!ca && !certificate)
        throw Error(ErrorKind::invalid, fmt::format("the Secret {} must hold either ca.crt or both tls.crt and tls.key",
                                                    secret.to_string()));
    http::TlsSettings tls;
    if (ca) tls.ca_pem = ca->reveal();
    if (certificate) tls.client_certificate_pem = certificate->reveal();
    if (key) tls.client_key_pem = *key;
    return tls;
}

http::ProxySettings read_proxy(const SecretValues& keys, const ObjectKey& secret) {
    const SecretString* address = find_key(keys, "address");
    if (!address)
        throw Error(ErrorKind::invalid, fmt::format("the Secret {} holds no key address", secret.to_string()));
    http::ProxySettings proxy;
    proxy.address = address->reveal();
    if (const SecretString* username = find_key(keys, "username")) proxy.username = username->reveal();
    if (const SecretString* password = find_key(keys, "password")) proxy.password = *password;
    return proxy;
}

}  // namespace

registry::Access registry_access(const policy::ImageRepository& repository, const SecretStore& secrets) {
    const auto name = policy::parse_repository_name(repository.image);
    if (!name) throw Error(ErrorKind::invalid, name.message());
    registry::Access access;
    access.name = *name;
    access.insecure = repository.insecure;
    const std::string& object_namespace = repository.metadata.key.object_namespace;
    if (repository.secret_ref) {
        const ObjectKey key{object_namespace, *repository.secret_ref};
        access.credential = read_credential(secrets.get(key), key, *name);
    }
    if (repository.cert_secret_ref) {
        const ObjectKey key{object_namespace, *repository.cert_secret_ref};
        access.tls = read_tls(secrets.get(key), key);
    }
    if (repository.proxy_secret_ref) {
        const ObjectKey key{object_namespace, *repository.proxy_secret_ref};
        access.proxy = read_proxy(secrets.get(key), key);
    }
    // Flux: the interval is the limit where none is written, one second at least.
    access.timeout =
        std::max<std::chrono::nanoseconds>(repository.timeout.value_or(repository.interval), std::chrono::seconds(1));
    return access;
}

std::map<std::string, registry::HostLimits> host_limits(const Configuration& configuration) {
    std::map<std::string, registry::HostLimits> limits;
    for (const RegistrySettings& settings : configuration.registries)
        limits[settings.host] = {settings.connections.value_or(0), settings.requests_per_second.value_or(0)};
    return limits;
}

}  // namespace tidemark::mirror::service
