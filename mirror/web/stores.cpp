#include "mirror/web/stores.h"

#include <sys/stat.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::web {

Stores::Lease::~Lease() {
    m_stores->give_back(std::move(m_open));
}

Stores::Lease Stores::lease() {
    {
        std::unique_lock lock(m_mutex);
        if (!m_returned.wait_for(lock, k_longest_wait, [this] { return m_leased < k_most; }))
            throw Error(ErrorKind::storage, "too many requests at once; try again in a moment");
        ++m_leased;
    }
    try {
        return {*this, take_or_open()};
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

std::unique_ptr<Stores::Open> Stores::take_or_open() {
    // The service may have set a damaged file aside and begun another; one that is not there yet has no number.
    struct stat info {};
    const bool there = ::stat((m_folder / "state.db").c_str(), &info) == 0;
    {
        const std::lock_guard lock(m_mutex);
        while (!m_idle.empty()) {
            std::unique_ptr<Open> open = std::move(m_idle.back());
            m_idle.pop_back();
            if (there && open->file == info.st_ino && open->device == info.st_dev) return open;
        }
    }
    store::Store store(m_folder, store::OpenMode::read_only);
    return std::make_unique<Open>(Open{std::move(store), info.st_dev, there ? info.st_ino : 0});
}

void Stores::give_back(std::unique_ptr<Open> open) {
    {
        const std::lock_guard lock(m_mutex);
        --m_leased;
        if (open && open->file != 0) m_idle.push_back(std::move(open));
    }
    m_returned.notify_one();
}

}  // namespace tidemark::mirror::web
