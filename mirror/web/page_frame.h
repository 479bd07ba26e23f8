// What all pages share: head, navigation, who is signed in, footer; and pages that only say that something is wrong.
#pragma once

#include <string>
#include <string_view>

#include "mirror/web/exchange.h"
#include "mirror/web/html.h"
#include "mirror/web/site.h"
#include "mirror/web/visitor.h"

namespace tidemark::mirror::web {

struct PageFrame {
    std::string title;           // without the program's name
    std::string_view here = {};  // the path in the navigation that this page belongs to
    const Visitor* visitor = nullptr;
    const Request* request = nullptr;
    unsigned refresh = 0;  // seconds; 0: the page stays as it is
};

/// Opens the document up to and with <main>; the answer of a command that was just given stands first in it.
void begin_page(Html& html, const PageFrame& frame, Site& site);
/// Closes <main>, writes the footer.
Answer end_page(Html& html, Site& site);

/// A page with one heading and one sentence. `next` may be empty.
Answer error_page(int status, std::string_view error, std::string_view next);

/// Whether whoever asks would rather see a page than plain text.
bool wants_page(const Request& request) noexcept;

}  // namespace tidemark::mirror::web
