// One image: how it stands and why, its tags over time, where it is in Git, what was written when, what may be done.
#include <algorithm>

#include <fmt/format.h>

#include "mirror/web/forms.h"
#include "mirror/web/page_call.h"
#include "mirror/web/svg_tags.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKind;
using service::ImageDetail;
using service::ImageView;
using std::chrono::sys_seconds;

/// "12 excluded by the filter · 48 no version · 3 left: 1.25.3, 1.25.2, 1.25.1".
void write_trace(Html& html, const ImageDetail& detail) {
    const policy::SelectionTrace& trace = detail.trace;
    struct Part {
        std::size_t count;
        std::string_view words;
    };
    const Part parts[] = {
        {trace.not_matching, "not like the filter"}, {trace.same_extract, "with the same extract as another"},
        {trace.not_a_version, "no version"},         {trace.numberless, "no number"},
        {trace.out_of_range, "out of range"},
    };
    std::size_t gone = 0;
    std::string words = count_text(trace.tags, "tag");
    for (const Part& part : parts) {
        gone += part.count;
        if (part.count > 0) words += fmt::format(" · {} {}", part.count, part.words);
    }
    const std::size_t left = trace.tags - std::min(gone, trace.tags);
    words += left == 0 ? " · none left" : fmt::format(" · {} left: ", left);
    html.text(words);
    for (std::size_t i = 0; i < trace.best.size(); ++i)
        html.text(i > 0 ? ", " : "").element("span", {{"class", "tag"}}, trace.best[i]);
    if (left > trace.best.size() && !trace.best.empty()) html.text(" …");
}

/// The last line of the explanation: why Git has what it has.
std::string why_sentence(const ImageDetail& detail) {
    const ImageView& image = detail.image;
    if (image.suspended) return "It is suspended: nothing is written until somebody resumes it.";
    if (image.ready.failed()) return image.ready.message + ".";
    if (image.candidate.empty()) return "Nothing was chosen yet.";
    if (image.in_git.empty())
        return fmt::format("{} is chosen; no marker in Git names this policy yet.", image.candidate);
    const bool is_in_git = image.in_git.size() == 1 && image.in_git.front() == image.candidate;
    // A hold says which tag goes to Git instead of the policy's choice: the candidate is that tag.
    if (!image.held.empty())
        return is_in_git ? fmt::format("Git stays at {} as long as that holds.", image.candidate)
                         : fmt::format("{} is what goes to Git as long as that holds.", image.candidate);
    if (is_in_git) return fmt::format("Git has {}, which is what the policy chooses.", image.candidate);
    return fmt::format("{} is written at the automation's next turn, or waits on its branch to be merged.",
                       image.candidate);
}

void write_fact(Html& html, std::string_view name, std::string_view content) {
    if (content.empty()) return;
    html.element("dt", name).open("dd");
    write_sentence(html, content);
    html.close();
}

void write_explanation(Html& html, const ImageDetail& detail, sys_seconds now) {
    const ImageView& image = detail.image;
    html.open("dl", {{"class", "facts"}}).element("dt", "State").open("dd");
    write_state(html, image.state);
    if (image.ready.failed() && image.ready.since.time_since_epoch().count() > 0) {
        html.text(" ");
        write_span(html, image.ready.since, now);
    }
    html.close().element("dt", "In Git").open("dd");
    if (image.in_git.empty()) html.element("span", {{"class", "quiet"}}, "no value found yet");
    for (std::size_t i = 0; i < image.in_git.size(); ++i)
        html.text(i > 0 ? ", " : "").element("span", {{"class", "tag strong"}}, image.in_git[i]);
    html.close();
    write_fact(html, "Policy", detail.selection);
    html.element("dt", "Repository").open("dd").element("span", {{"class", "name"}}, image.image).text(", scanned ");
    write_time(html, image.scanned, now);
    html.close();
    if (detail.trace.tags > 0) {
        html.element("dt", "Tags").open("dd");
        write_trace(html, detail);
        html.close();
    }
    if (!image.candidate.empty()) {
        html.element("dt", "Candidate").open("dd").element("span", {{"class", "tag strong"}}, image.candidate);
        if (!image.digest.empty()) html.text(" ").element("code", {{"class", "digest"}}, image.digest);
        const auto seen = std::find_if(detail.tags.begin(), detail.tags.end(),
                                       [&](const service::TagView& tag) { return tag.tag == image.candidate; });
        if (seen != detail.tags.end()) {
            html.text(", first seen ");
            write_time(html, seen->seen, now);
        }
        html.close();
    }
    if (!image.held.empty()) {
        html.element("dt", "Held").open("dd").text(image.held);
        if (image.held_until && !image.pin) {
            html.text(", until ");
            write_time(html, image.held_until, now);
        }
        html.close();
    }
    write_fact(html, "Stale", image.stale);
    write_fact(html, "Next", image.needs);
    html.close().element("p", {{"class", "because"}}, why_sentence(detail));
}

void write_picture(Html& html, const ImageDetail& detail, sys_seconds now) {
    const std::vector<TagRow> rows = tag_rows(detail);
    if (rows.empty()) return;
    html.element("h2", "Tags over time");
    write_tag_legend(html);
    open_wide(html, "Tags over time");
    write_tag_picture(html, rows, detail.image.policy.to_string(), now);
    html.close().open("details", {{"id", "tags-table"}}).element("summary", "The same as a table");
    open_wide(html, "Tags and their times");
    html.open("table").element("caption", "Tags over time, the newest first").open("thead").open("tr");
    for (const std::string_view word : {"Tag", "Seen", "Chosen", "Written"})
        html.element("th", {{"scope", "col"}}, word);
    html.close().close().open("tbody");
    for (const TagRow& row : rows) {
        html.open("tr").open("th", {{"scope", "row"}}).element("span", {{"class", "tag"}}, row.tag).close();
        for (const auto& time : {row.seen, row.chosen, row.written}) {
            html.open("td", {{"class", "when"}});
            write_time(html, time, now, "-");
            html.close();
        }
        html.close();
    }
    html.close().close().close().close();
}

void write_values(Html& html, const ImageDetail& detail) {
    html.element("h2", "In Git");
    if (detail.values.empty()) {
        html.element("p", detail.automations.empty()
                              ? "No automation selects this policy: nothing is written for it."
                              : "No marker with this policy's name was found. A line that follows it ends in a comment "
                                "such as:");
        if (!detail.automations.empty())
            html.open("p")
                .element("code", fmt::format("# {{\"$imagepolicy\": \"{}:{}\"}}", detail.image.policy.object_namespace,
                                             detail.image.policy.name))
                .close();
    } else {
        open_wide(html, "Values in Git");
        html.open("table", {{"class", "cards"}}).element("caption", count_text(detail.values.size(), "value"));
        html.open("thead").open("tr");
        for (const std::string_view word : {"File", "Marker", "Value"})
            html.element("th", {{"scope", "col"}}, word);
        html.close().close().open("tbody");
        constexpr std::size_t k_most = 200;
        for (std::size_t i = 0; i < std::min(detail.values.size(), k_most); ++i) {
            const store::ValueInGit& value = detail.values[i];
            html.open("tr").open("th", {{"scope", "row"}}).element("span", {{"class", "name"}}, value.file).close();
            html.element("td", {{"class", "tag"}, {"data-label", "Marker"}}, value.setter);
            html.element("td", {{"class", "tag"}, {"data-label", "Value"}}, value.value).close();
        }
        html.close().close().close();
        if (detail.values.size() > k_most) html.element("p", fmt::format("and {} more", detail.values.size() - k_most));
    }
    if (!detail.automations.empty()) {
        html.open("p").text("Written by ");
        for (std::size_t i = 0; i < detail.automations.size(); ++i) {
            if (i > 0) html.text(", ");
            write_object(html, ObjectKind::image_update_automation, detail.automations[i]);
        }
        html.text(".").close();
    }
}

/// A commit is in the remote of one of the automations; with several, nobody knows which.
std::string remote_of(const ImageDetail& detail, const service::Views& views) {
    if (detail.automations.size() != 1) return "";
    for (const service::AutomationView& automation : views.automations)
        if (automation.key == detail.automations.front()) return automation.url;
    return "";
}

void write_history(Html& html, const ImageDetail& detail, const std::string& remote, sys_seconds now) {
    html.element("h2", "History");
    if (detail.history.empty()) {
        html.element("p", "Nothing was chosen yet.");
        return;
    }
    open_wide(html, "History");
    html.open("table", {{"class", "cards"}}).element("caption", "What was chosen and written, the last first");
    html.open("thead").open("tr");
    for (const std::string_view word : {"Tag", "Chosen", "Written", "Commit"})
        html.element("th", {{"scope", "col"}}, word);
    html.close().close().open("tbody");
    constexpr std::size_t k_most = 50;
    std::size_t rows = 0;
    for (auto entry = detail.history.rbegin(); entry != detail.history.rend() && rows < k_most; ++entry, ++rows) {
        html.open("tr").open("th", {{"scope", "row"}}).element("span", {{"class", "tag"}}, entry->tag);
        if (!entry->digest.empty()) html.text(" ").element("code", {{"class", "below digest"}}, entry->digest);
        html.close().open("td", {{"data-label", "Chosen"}, {"class", "when"}});
        write_time(html, entry->chosen, now, "-");
        html.close().open("td", {{"data-label", "Written"}, {"class", "when"}});
        write_time(html, entry->written, now, "not yet");
        html.close().open("td", {{"data-label", "Commit"}});
        if (entry->commit_id.empty()) {
            html.element("span", {{"class", "quiet"}}, "-");
        } else {
            write_commit(html, remote, entry->commit_id);
        }
        html.close().close();
    }
    html.close().close().close();
}

}  // namespace

Answer image_page(const PageCall& call) {
    const service::Views& views = call.now.views;
    const Stores::Lease store = call.site.stores.lease();
    const service::ViewInput input{call.now.workspace->objects, *store, views.now, &call.now.facts};
    const policy::ObjectKey key{call.request.names.at(0), call.request.names.at(1)};
    const std::optional<ImageDetail> detail = service::read_image(input, views, key);
    if (!detail)
        return error_page(404, fmt::format("there is no ImagePolicy {}", key.to_string()),
                          "the overview lists those there are");
    Html html;
    begin_live_page(html, call, key.to_string(), "", views.counts);
    html.element("p", {{"class", "kind"}}, "Image").element("h1", {{"class", "name"}}, key.to_string());
    write_explanation(html, *detail, views.now);
    write_image_forms(html, call, detail->image);
    write_picture(html, *detail, views.now);
    write_values(html, *detail);
    write_history(html, *detail, remote_of(*detail, views), views.now);
    write_recent_events(html, *store, ObjectKind::image_policy, key, views.now);
    return end_page(html, call.site);
}

}  // namespace tidemark::mirror::web
