#include "mirror/web/page_words.h"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "mirror/web/exchange.h"
#include "mirror/web/page_address.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::web {
namespace {

using service::ImageState;
using std::chrono::sys_seconds;

constexpr std::int64_t k_minute = 60;
constexpr std::int64_t k_hour = 60 * k_minute;
constexpr std::int64_t k_day = 24 * k_hour;

/// "20 s", "4 min", "3 h", "5 days".
std::string span_text(std::int64_t span) {
    if (span < k_minute) return fmt::format("{} s", span);
    if (span < k_hour) return fmt::format("{} min", span / k_minute);
    if (span < 2 * k_day) return fmt::format("{} h", span / k_hour);
    return fmt::format("{} days", span / k_day);
}

}  // namespace

std::string ago(sys_seconds time, sys_seconds now) {
    const std::int64_t age = (now - time).count();
    if (age > 90 * k_day || age < -90 * k_day) return fmt::format("{:%Y-%m-%d}", time);
    if (age < 0) return "in " + span_text(-age);
    return age < 5 ? "just now" : span_text(age) + " ago";
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> k_units = {"B", "kB", "MB", "GB", "TB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 999.5 && unit + 1 < k_units.size()) {
        size /= 1000;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", size, unit > 0 && size < 9.95 ? 1 : 0, k_units.at(unit));
}

std::string count_text(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string_view short_id(std::string_view commit) noexcept {
    return commit.substr(0, 12);
}

void write_time(Html& html, std::optional<sys_seconds> time, sys_seconds now, std::string_view never) {
    if (!time || time->time_since_epoch().count() == 0) {
        html.element("span", {{"class", "quiet"}}, never);
        return;
    }
    html.element("time", {{"datetime", policy::format_timestamp(*time)}, {"title", policy::format_minute(*time)}},
                 ago(*time, now));
}

void write_span(Html& html, sys_seconds since, sys_seconds now) {
    const std::string words = span_text(std::max<std::int64_t>(0, (now - since).count()));
    html.text("for ").element("time",
                              {{"datetime", policy::format_timestamp(since)},
                               {"data-span", ""},
                               {"title", "since " + policy::format_minute(since)}},
                              words);
}

void write_sentence(Html& html, std::string_view text) {
    for (;;) {
        const std::size_t begin = text.find('`');
        const std::size_t end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
        if (end == std::string_view::npos) break;
        html.text(text.substr(0, begin)).element("code", text.substr(begin + 1, end - begin - 1));
        text.remove_prefix(end + 1);
    }
    html.text(text);
}

std::string object_path(policy::ObjectKind kind, const policy::ObjectKey& key) {
    const std::string name = fmt::format("{}/{}", encode(key.object_namespace), encode(key.name));
    switch (kind) {
        case policy::ObjectKind::image_policy:
            return "/images/" + name;
        case policy::ObjectKind::image_update_automation:
            return "/automations/" + name;
        case policy::ObjectKind::image_repository:
            return with_pair(with_pair("/events", "kind", kind_name(kind)), "object", key.to_string());
        case policy::ObjectKind::git_repository:
        case policy::ObjectKind::secret:
            break;
    }
    return "";
}

void write_object(Html& html, policy::ObjectKind kind, const policy::ObjectKey& key) {
    const std::string path = object_path(kind, key);
    if (path.empty()) {
        html.element("span", {{"class", "name"}}, key.to_string());
    } else {
        html.element("a", {{"class", "name"}, {"href", path}}, key.to_string());
    }
}

std::string commit_address(std::string_view remote, std::string_view commit) {
    const bool plain = remote.starts_with("http://");
    if ((!plain && !remote.starts_with("https://")) || commit.empty()) return "";
    const std::size_t host = plain ? 7 : 8;
    // A login in an address is nobody's business, and makes a link that lies about where it goes.
    if (remote.substr(host, remote.find('/', host) - host).find('@') != std::string_view::npos) return "";
    if (commit.find_first_not_of("0123456789abcdef") != std::string_view::npos) return "";
    while (remote.ends_with('/'))
        remote.remove_suffix(1);
    if (remote.ends_with(".git")) remote.remove_suffix(4);
    return fmt::format("{}/commit/{}", remote, commit);
}

void write_commit(Html& html, std::string_view remote, std::string_view commit) {
    const std::string address = commit_address(remote, commit);
    if (address.empty()) {
        html.element("code", {{"title", commit}}, short_id(commit));
    } else {
        html.open("a", {{"href", address}, {"rel", "noreferrer"}}).element("code", short_id(commit)).close();
    }
}

void write_mark(Html& html, std::string_view look, std::string_view shape, std::string_view word) {
    html.open("span", {{"class", look}});
    html.element("span", {{"aria-hidden", "true"}, {"class", "shape"}}, shape);
    html.text(" ").text(word).close();
}

void write_state(Html& html, ImageState state) {
    struct Look {
        std::string_view look, shape;
    };
    constexpr std::array<Look, 8> k_looks = {{
        {"state bad", "▲"},    // failing
        {"state warn", "△"},   // stale
        {"state quiet", "□"},  // suspended
        {"state warn", "◆"},   // held
        {"state note", "▽"},   // behind
        {"state note", "◇"},   // unmarked
        {"state quiet", "○"},  // waiting
        {"state good", "●"},   // current
    }};
    const Look& look = k_looks.at(static_cast<std::size_t>(state));
    write_mark(html, look.look, look.shape, to_string(state));
}

void write_ready(Html& html, const service::ReadyView& ready, std::string_view stale, bool suspended) {
    if (suspended) return write_mark(html, "state quiet", "□", "suspended");
    if (ready.failed()) return write_mark(html, "state bad", "▲", "failing");
    if (!stale.empty()) return write_mark(html, "state warn", "△", "stale");
    if (ready.status == "True") return write_mark(html, "state good", "●", "ready");
    write_mark(html, "state quiet", "○", "waiting");
}

}  // namespace tidemark::mirror::web
