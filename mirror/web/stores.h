// The state, opened for reading, for as many requests at once as there is a use for. Safe for several threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include <sys/types.h>

#include "mirror/store/store.h"

namespace tidemark::mirror::web {

class Stores {
private:
    struct Open {
        store::Store store;
        dev_t device;
        ino_t file;
    };

public:
    explicit Stores(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// One request's store, given back by the destructor.
    class Lease {
    public:
        Lease(Stores& stores, std::unique_ptr<Open> open) : m_stores(&stores), m_open(std::move(open)) {}
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        store::Store& operator*() const noexcept { return m_open->store; }
        store::Store* operator->() const noexcept { return &m_open->store; }

    private:
        Stores* m_stores;
        std::unique_ptr<Open> m_open;
    };

    /// Waits while all are in use. Throws Error{storage}, also after k_longest_wait.
    Lease lease();

    /// More readers than processors only wait for each other.
    static constexpr std::size_t k_most = 4;
    static constexpr auto k_longest_wait = std::chrono::seconds(20);

private:
    std::unique_ptr<Open> take_or_open();
    void give_back(std::unique_ptr<Open> open);

    const std::filesystem::path m_folder;
    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::size_t m_leased = 0;
    std::vector<std::unique_ptr<Open>> m_idle;
};

}  // namespace tidemark::mirror::web
