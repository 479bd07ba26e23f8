#include "mirror/http/handle.h"

#include <cstring>
#include <new>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "mirror/base/error.h"

namespace tidemark::mirror::http {
namespace {

void check(CURLcode result, CURLoption option) {
    if (result == CURLE_OK) return;
    const curl_easyoption* known = libcurl().easy_option_by_id(option);
    throw Error(ErrorKind::internal,
                fmt::format("setting libcurl's option {} failed: {}", known != nullptr ? known->name : "?",
                            libcurl().easy_strerror(result)));
}

void check(CURLMcode result, const char* action) {
    if (result == CURLM_OK) return;
    throw Error(ErrorKind::internal, fmt::format("{} failed: {}", action, libcurl().multi_strerror(result)));
}

}  // namespace

void HeaderLines::add(const std::string& line) {
    curl_slist* longer = libcurl().slist_append(m_list, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    m_list = longer;
}

void HeaderLines::clear() noexcept {
    for (curl_slist* entry = m_list; entry != nullptr; entry = entry->next) {
        OPENSSL_cleanse(entry->data, std::strlen(entry->data));
    }
    libcurl().slist_free_all(m_list);
    m_list = nullptr;
}

EasyHandle::EasyHandle() {
    m_handle.reset(libcurl().easy_init());
    if (!m_handle) throw std::bad_alloc();
}

void EasyHandle::set(CURLoption option, long value) {
    check(libcurl().easy_setopt(get(), option, value), option);
}
void EasyHandle::set(CURLoption option, const char* value) {
    check(libcurl().easy_setopt(get(), option, value), option);
}
void EasyHandle::set(CURLoption option, std::nullptr_t) {
    check(libcurl().easy_setopt(get(), option, static_cast<void*>(nullptr)), option);
}
void EasyHandle::set_pointer(CURLoption option, void* value) {
    check(libcurl().easy_setopt(get(), option, value), option);
}
void EasyHandle::set_list(CURLoption option, curl_slist* value) {
    check(libcurl().easy_setopt(get(), option, value), option);
}
void EasyHandle::set_blob(CURLoption option, const std::string& bytes) {
    curl_blob blob{const_cast<char*>(bytes.data()), bytes.size(), CURL_BLOB_NOCOPY};
    check(libcurl().easy_setopt(get(), option, &blob), option);
}
void EasyHandle::set_write_function(WriteCallback callback) {
    check(libcurl().easy_setopt(get(), CURLOPT_WRITEFUNCTION, callback), CURLOPT_WRITEFUNCTION);
}
void EasyHandle::set_read_function(ReadCallback callback) {
    check(libcurl().easy_setopt(get(), CURLOPT_READFUNCTION, callback), CURLOPT_READFUNCTION);
}

void EasyHandle::set_ssl_context_function(SslContextCallback callback) {
    check(libcurl().easy_setopt(get(), CURLOPT_SSL_CTX_FUNCTION, callback), CURLOPT_SSL_CTX_FUNCTION);
}

long EasyHandle::number(CURLINFO info) const noexcept {
    long value = 0;
    return libcurl().easy_getinfo(get(), info, &value) == CURLE_OK ? value : 0;
}

curl_off_t EasyHandle::offset(CURLINFO info) const noexcept {
    curl_off_t value = 0;
    return libcurl().easy_getinfo(get(), info, &value) == CURLE_OK ? value : 0;
}

MultiHandle::MultiHandle() {
    m_handle.reset(libcurl().multi_init());
    if (!m_handle) throw std::bad_alloc();
}

void MultiHandle::set(CURLMoption option, long value) {
    check(libcurl().multi_setopt(m_handle.get(), option, value), "setting an option of libcurl's multi handle");
}
void MultiHandle::add(EasyHandle& easy) {
    check(libcurl().multi_add_handle(m_handle.get(), easy.get()), "starting a transfer");
}
void MultiHandle::remove(EasyHandle& easy) noexcept {
    libcurl().multi_remove_handle(m_handle.get(), easy.get());
}

void MultiHandle::perform() {
    int running = 0;
    check(libcurl().multi_perform(m_handle.get(), &running), "moving transfers on");
}

void MultiHandle::wait(int milliseconds) {
    check(libcurl().multi_poll(m_handle.get(), nullptr, 0, milliseconds, nullptr), "waiting for transfers");
}

CURLMsg* MultiHandle::next_message() noexcept {
    int left = 0;
    return libcurl().multi_info_read(m_handle.get(), &left);
}

}  // namespace tidemark::mirror::http
