// An allocator for lists of megabytes that are filled once: they lie in pages of 2 MiB where the system has some, so
// that a few page faults serve them instead of one for every 4 KiB. What resize() adds is not cleared.
// As thread-safe as malloc.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include <sys/mman.h>

namespace tidemark::mirror {

template <class T>
class LargePages {
public:
    using value_type = T;

    LargePages() = default;
    template <class Other>
    LargePages(const LargePages<Other>&) noexcept {}

    T* allocate(std::size_t count) {
        if (count > k_most) throw std::bad_array_new_length();
        const std::size_t size = (count * sizeof(T) + k_page - 1) / k_page * k_page;
        if (count * sizeof(T) < k_page / 2) return static_cast<T*>(::operator new(count * sizeof(T)));
        void* const memory = std::aligned_alloc(k_page, size);
        if (memory == nullptr) throw std::bad_alloc();
        ::madvise(memory, size, MADV_HUGEPAGE);  // only advice: without such pages the small ones do
        return static_cast<T*>(memory);
    }

    void deallocate(T* memory, std::size_t count) noexcept {
        if (count * sizeof(T) < k_page / 2) {
            ::operator delete(memory);
        } else {
            std::free(memory);
        }
    }

    template <class Object>
    void construct(Object* place) noexcept {
        ::new (static_cast<void*>(place)) Object;
    }
    template <class Object, class... Arguments>
    void construct(Object* place, Arguments&&... arguments) {
        ::new (static_cast<void*>(place)) Object(std::forward<Arguments>(arguments)...);
    }

    bool operator==(const LargePages&) const noexcept { return true; }

private:
    static constexpr std::size_t k_page = std::size_t{2} << 20;
    static constexpr std::size_t k_most = (static_cast<std::size_t>(-1) / 4) / sizeof(T);
};

}  // namespace tidemark::mirror
