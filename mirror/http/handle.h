// The one wrapper around libcurl's handles: owned by unique_ptr, options set through typed overloads, every result
// checked. Failing to set an option is a programming or memory fault: Error{internal}.
#pragma once

#include <memory>
#include <string>

#include "mirror/http/libcurl.h"

namespace tidemark::mirror::http {

struct EasyDeleter {
    void operator()(CURL* handle) const noexcept { libcurl().easy_cleanup(handle); }
};
struct MultiDeleter {
    void operator()(CURLM* handle) const noexcept { libcurl().multi_cleanup(handle); }
};
struct UrlDeleter {
    void operator()(CURLU* handle) const noexcept { libcurl().url_cleanup(handle); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlDeleter>;

/// A request's header lines. They may hold credentials, so the bytes are overwritten before they are freed.
class HeaderLines {
public:
    HeaderLines() = default;
    ~HeaderLines() { clear(); }
    HeaderLines(const HeaderLines&) = delete;
    HeaderLines& operator=(const HeaderLines&) = delete;

    void add(const std::string& line);
    void clear() noexcept;
    curl_slist* get() const noexcept { return m_list; }

private:
    curl_slist* m_list = nullptr;
};

using WriteCallback = std::size_t (*)(char*, std::size_t, std::size_t, void*);
using ReadCallback = std::size_t (*)(char*, std::size_t, std::size_t, void*);
using SslContextCallback = CURLcode (*)(CURL*, void*, void*);

class EasyHandle {
public:
    EasyHandle();

    void set(CURLoption option, long value);
    void set(CURLoption option, const char* value);
    void set(CURLoption option, const std::string& value) { set(option, value.c_str()); }
    void set(CURLoption option, std::nullptr_t);
    void set_pointer(CURLoption option, void* value);
    void set_list(CURLoption option, curl_slist* value);
    /// The bytes must outlive the handle's use of them.
    void set_blob(CURLoption option, const std::string& bytes);
    void set_write_function(WriteCallback callback);
    void set_read_function(ReadCallback callback);
    void set_ssl_context_function(SslContextCallback callback);

    long number(CURLINFO info) const noexcept;
    curl_off_t offset(CURLINFO info) const noexcept;
    CURL* get() const noexcept { return m_handle.get(); }

private:
    std::unique_ptr<CURL, EasyDeleter> m_handle;
};

class MultiHandle {
public:
    MultiHandle();

    void set(CURLMoption option, long value);
    void add(EasyHandle& easy);
    void remove(EasyHandle& easy) noexcept;
    /// Moves every transfer on.
    void perform();
    void wait(int milliseconds);
    void wake() noexcept { libcurl().multi_wakeup(m_handle.get()); }
    /// The next transfer that ended, or nullptr.
    CURLMsg* next_message() noexcept;

private:
    std::unique_ptr<CURLM, MultiDeleter> m_handle;
};

}  // namespace tidemark::mirror::http
