// How the page says things: times, sizes, counts, names of objects and their addresses. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "mirror/service/view.h"
#include "mirror/web/html.h"

namespace tidemark::mirror::web {

/// "20 s ago", "in 3 h", "just now"; a date where that is months.
std::string ago(std::chrono::sys_seconds time, std::chrono::sys_seconds now);
/// "14 MB".
std::string size_text(std::uint64_t bytes);
/// "1 image", "2 images".
std::string count_text(std::size_t count, std::string_view noun);
/// The first twelve characters of a commit's id.
std::string_view short_id(std::string_view commit) noexcept;

/// A <time> with how long ago it is; `never` where there is none.
void write_time(Html& html, std::optional<std::chrono::sys_seconds> time, std::chrono::sys_seconds now,
                std::string_view never = "never");

/// "for 3 h", as a <time>.
void write_span(Html& html, std::chrono::sys_seconds since, std::chrono::sys_seconds now);
/// A sentence; what stands between `backticks` is code.
void write_sentence(Html& html, std::string_view text);

/// "/images/flux-system/web"; for a repository, which has no page, its events; empty: nothing to link.
std::string object_path(policy::ObjectKind kind, const policy::ObjectKey& key);
/// "namespace/name" with a link.
void write_object(Html& html, policy::ObjectKind kind, const policy::ObjectKey& key);

/// Where a forge shows a commit of this remote; empty unless the remote is http(s).
std::string commit_address(std::string_view remote, std::string_view commit);
/// The id, shortened, with a link where there is one.
void write_commit(Html& html, std::string_view remote, std::string_view commit);

/// A mark, differently shaped for each state, and the word.
void write_state(Html& html, service::ImageState state);
/// The same for what is ready, failing, stale or suspended.
void write_ready(Html& html, const service::ReadyView& ready, std::string_view stale, bool suspended);
void write_mark(Html& html, std::string_view look, std::string_view shape, std::string_view word);

}  // namespace tidemark::mirror::web
