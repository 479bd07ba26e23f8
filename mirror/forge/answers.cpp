#include "mirror/forge/answers.h"

#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <simdjson.h>

#include "mirror/http/url.h"
#include "policy/base/timestamp.h"
#include "policy/template/clean_text.h"

namespace tidemark::mirror::forge {
namespace {

using policy::Problem;
using policy::Result;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t k_title_limit = 300;
constexpr std::size_t k_author_limit = 100;
constexpr std::size_t k_url_limit = 2048;
constexpr std::size_t k_words_limit = 300;
constexpr std::size_t k_words_read = std::size_t{64} << 10U;
constexpr std::size_t k_link_limit = 8192;

std::string one_line(std::string_view text, std::size_t limit) {
    std::string line = policy::clean_text(text, limit);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

/// Empty if it is not there or no text.
std::string_view text_of(const object& from, std::string_view key) {
    std::string_view text;
    return from.at_key(key).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::optional<std::int64_t> number_of(const object& from, std::string_view key) {
    std::int64_t number = 0;
    if (from.at_key(key).get(number) != simdjson::SUCCESS || number <= 0) return std::nullopt;
    return number;
}

bool flag_of(const object& from, std::string_view key) {
    bool flag = false;
    return from.at_key(key).get(flag) == simdjson::SUCCESS && flag;
}

std::optional<object> object_of(const object& from, std::string_view key) {
    object found;
    if (from.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
    return found;
}

/// The id of the repository that one side of a request is in. Gitea has it also where the asker may not see more.
std::optional<std::int64_t> repository_id(const object& side) {
    if (const auto id = number_of(side, "repo_id")) return id;
    const auto repository = object_of(side, "repo");
    return repository ? number_of(*repository, "id") : std::nullopt;
}

/// GitHub's form, which Gitea and Forgejo share.
bool is_asked_for(const object& request, const Question& question) {
    const auto head = object_of(request, "head");
    const auto base = object_of(request, "base");
    if (!head || !base || text_of(request, "state") != "open") return false;
    const auto from = repository_id(*head);
    return from && from == repository_id(*base) && text_of(*head, "ref") == question.source_branch &&
           text_of(*base, "ref") == question.target_branch;
}

bool is_asked_for_on_gitlab(const object& request, const Question& question) {
    const auto from = number_of(request, "source_project_id");
    return text_of(request, "state") == "opened" && from && from == number_of(request, "target_project_id") &&
           text_of(request, "source_branch") == question.source_branch &&
           text_of(request, "target_branch") == question.target_branch;
}

/// What people are to click on leads to a page and shows no login.
std::string link_of(std::string_view url) {
    if (url.size() > k_url_limit || std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c == 127; }))
        return {};
    const std::string text(url);
    return http::parse_url(text) ? text : std::string();
}

std::optional<std::chrono::sys_seconds> time_of(std::string_view text) {
    // GitLab has fractions of a second.
    std::string whole(text.substr(0, 64));
    if (const std::size_t dot = whole.find('.'); dot != std::string::npos)
        whole.erase(dot, std::min(whole.find_first_not_of("0123456789", dot + 1), whole.size()) - dot);
    const auto time = policy::parse_timestamp(whole);
    return time ? std::optional(*time) : std::nullopt;
}

std::optional<OpenRequest> read_request(const object& from, bool gitlab) {
    const auto number = number_of(from, gitlab ? "iid" : "number");
    if (!number) return std::nullopt;
    OpenRequest request;
    request.number = *number;
    request.reference = fmt::format("{}{}", gitlab ? '!' : '#', *number);
    request.title = one_line(text_of(from, "title"), k_title_limit);
    request.url = link_of(text_of(from, gitlab ? "web_url" : "html_url"));
    request.draft = flag_of(from, "draft") || flag_of(from, "work_in_progress");
    if (const auto author = object_of(from, gitlab ? "author" : "user"))
        request.author = one_line(text_of(*author, gitlab ? "username" : "login"), k_author_limit);
    request.opened = time_of(text_of(from, "created_at"));
    return request;
}

bool is_page(std::string_view body) noexcept {
    const std::size_t start = body.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && body[start] == '<';
}

}  // namespace

Result<std::optional<OpenRequest>> find_in_answer(ForgeKind kind, std::string_view body, const Question& question) {
    const bool gitlab = kind == ForgeKind::gitlab;
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    element top;
    if (is_page(body)) return Problem{"it is a page, not JSON", {}};
    if (const auto error = parser.parse(body.data(), body.size()).get(top); error != simdjson::SUCCESS) {
        if (error == simdjson::MEMALLOC) throw std::bad_alloc();
        return Problem{"it is not whole JSON", {}};
    }
    if (top.get(list) != simdjson::SUCCESS) return Problem{"it is no list", {}};
    std::optional<OpenRequest> newest;
    for (const element item : list) {
        object request;
        if (item.get(request) != simdjson::SUCCESS) return Problem{"its items are no requests", {}};
        if (gitlab ? !is_asked_for_on_gitlab(request, question) : !is_asked_for(request, question)) continue;
        std::optional<OpenRequest> found = read_request(request, gitlab);
        if (found && (!newest || found->number > newest->number)) newest = std::move(found);
    }
    return newest;
}

bool has_next_page(std::string_view link) noexcept {
    link = link.substr(0, k_link_limit);
    return link.find("rel=\"next\"") != std::string_view::npos || link.find("rel=next") != std::string_view::npos;
}

std::string refusal_words(std::string_view body) {
    body = body.substr(0, k_words_read);
    if (is_page(body)) return {};
    simdjson::dom::parser parser;
    object top;
    if (parser.parse(body.data(), body.size()).get(top) != simdjson::SUCCESS) return one_line(body, k_words_limit);
    for (const std::string_view key : {"message", "error_description", "error"})
        if (const std::string_view text = text_of(top, key); !text.empty()) return one_line(text, k_words_limit);
    return {};
}

}  // namespace tidemark::mirror::forge
