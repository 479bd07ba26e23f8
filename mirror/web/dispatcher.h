// From a Request to its Answer: finds the handler, keeps to its rules about bodies, turns errors into answers.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "mirror/web/router.h"
#include "mirror/web/site.h"

namespace tidemark::mirror::web {

/// Safe for several threads.
class Dispatcher {
public:
    Dispatcher(const Router& router, Site& site) : m_router(router), m_site(site) {}

    /// Reads a body of at most so many bytes; nullopt: it is longer.
    using ReadBody = std::function<std::optional<std::string>(std::size_t most_bytes)>;
    /// `request` is a head; its path is not split yet. Throws what `read_body` throws.
    Answer answer(Request request, const ReadBody& read_body) const;

private:
    Answer handle(const Handler& handler, const Request& request) const;

    const Router& m_router;
    Site& m_site;
};

/// What every answer carries: nothing from elsewhere, no frame around it, no guessing of types, no keeping.
Pairs strict_headers(const Answer& answer);

/// `{"error", "next"}` below /api/, else two lines of text. `next` may be empty.
Answer refusal(const Request& request, int status, std::string_view error, std::string_view next);

}  // namespace tidemark::mirror::web
