// What each page's function gets: the request, who looks, and the service as it stands at this moment.
#pragma once

#include "mirror/service/view.h"
#include "mirror/web/page_address.h"
#include "mirror/web/page_frame.h"
#include "mirror/web/page_words.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

struct PageCall {
    Site& site;
    const Request& request;
    const Visitor visitor;
    const Snapshot& now;  // the service as it stands
};

// One function a page.
Answer overview_page(const PageCall& call);
Answer image_page(const PageCall& call);
Answer automations_page(const PageCall& call);
Answer automation_page(const PageCall& call);
Answer mirrors_page(const PageCall& call);
Answer events_page(const PageCall& call);
Answer sign_in_page(const PageCall& call);

Answer take_sign_in(Site& site, const Request& request);
Answer take_sign_out(Site& site, const Request& request);

/// Begins a page that refreshes itself; the more objects, the more slowly.
void begin_live_page(Html& html, const PageCall& call, std::string title, std::string_view here,
                     const service::Counts& counts);

// Parts that several pages show.
void write_image_table(Html& html, const PageCall& call, const service::Views& views);
void write_automation_table(Html& html, const std::vector<const service::AutomationView*>& automations,
                            std::chrono::sys_seconds now);
void write_mirror_table(Html& html, const service::Views& views);
void write_hook_table(Html& html, const service::Views& views);
void write_event_table(Html& html, const std::vector<store::Event>& events, std::chrono::sys_seconds now,
                       bool with_object);
/// The last events of one object, with a link to all of them.
void write_recent_events(Html& html, store::Store& store, policy::ObjectKind kind, const policy::ObjectKey& key,
                         std::chrono::sys_seconds now);
/// A form with one field `q`, and links to the pages of a list.
void write_search(Html& html, std::string_view path, std::string_view search, std::string_view label);
void write_page_links(Html& html, std::string_view path, const ListQuery& query, const PageRange& range);
/// A table lies in one of these, so that on a narrow screen only the table is moved sideways, by keys as well.
void open_wide(Html& html, std::string_view label);

}  // namespace tidemark::mirror::web
