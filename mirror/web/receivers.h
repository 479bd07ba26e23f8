// POST /hook/<name>: a registry or forge says that an image was pushed. What it may mean is policy/receiver's to say;
// here are the receivers of the configuration with their secrets, and what each remembers. Safe for several threads.
//
// A name that no receiver has is judged like one whose secret is wrong, with a secret that nobody knows: neither the
// answer nor its time tells which it was.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "mirror/base/receiver_settings.h"
#include "mirror/base/secret_string.h"
#include "mirror/service/workspace.h"
#include "mirror/web/router.h"
#include "mirror/web/site.h"
#include "policy/receiver/image_index.h"
#include "policy/receiver/judge.h"

namespace tidemark::mirror::web {

class Receivers {
public:
    explicit Receivers(Site& site);

    /// These from now on; those of a name that was there before keep their memory.
    void configure(std::vector<ReceiverSettings> settings);

    Answer take(const Request& request);

private:
    struct Known {
        ReceiverSettings settings;
        SecretString secret;  // empty: it cannot be read, so that nobody is let in
        std::shared_ptr<policy::receiver::Memory> memory;
    };
    /// Made anew when the objects, among them Secrets, were read again.
    struct Table {
        std::shared_ptr<const service::Workspace> workspace;
        std::optional<policy::receiver::ImageIndex> index;
        std::map<std::string, Known, std::less<>> receivers;
    };
    std::shared_ptr<const Table> table();
    Answer scan(const Table& table, const Known& known, const policy::receiver::Payload& payload);

    Site& m_site;
    SecretString m_decoy;
    std::mutex m_mutex;  // of all below, the memories too
    std::vector<ReceiverSettings> m_settings;
    std::map<std::string, std::shared_ptr<policy::receiver::Memory>, std::less<>> m_memories;
    std::shared_ptr<const Table> m_table;
    policy::receiver::Memory m_nobodys;
};

void add_receivers(Router& router, Receivers& receivers);

}  // namespace tidemark::mirror::web
