// What an administrator may do on the page: the forms, and the handler of what they send. A form works without
// JavaScript; its answer is looked up by its number on the page that comes next.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "mirror/web/page_call.h"

namespace tidemark::mirror::web {

/// Nothing where the visitor may change nothing, but how to sign in.
void write_image_forms(Html& html, const PageCall& call, const service::ImageView& image);
void write_automation_forms(Html& html, const PageCall& call, const service::AutomationView& automation);

/// Of POST /commands: hands the command in, and leads back to the page it came from.
Answer take_command(Site& site, const Request& request);

/// `until` as a point in time where it is a duration ("72h") to come; as it stands where it is none.
std::string end_of_pin(std::string_view until, std::chrono::sys_seconds now);

}  // namespace tidemark::mirror::web
