#include "mirror/web/forms.h"

#include <fmt/format.h>

#include "mirror/web/caller.h"
#include "mirror/web/dispatcher.h"
#include "mirror/web/orders.h"
#include "policy/base/duration.h"
#include "policy/base/timestamp.h"

namespace tidemark::mirror::web {
namespace {

using policy::ObjectKind;
using service::Verb;

constexpr int k_see_other = 303;

/// One form after another about one object.
class Forms {
public:
    Forms(Html& html, const PageCall& call, ObjectKind kind, const policy::ObjectKey& object)
        : m_html(html), m_call(call), m_kind(kind), m_object(object) {
        html.open("section", {{"class", "actions"}, {"aria-label", "Changes"}});
    }
    ~Forms() { m_html.close(); }
    Forms(const Forms&) = delete;
    Forms& operator=(const Forms&) = delete;

    bool allowed() {
        const Visitor& visitor = m_call.visitor;
        if (visitor.may_change) return true;
        m_html.open("p", {{"class", "quiet"}});
        if (visitor.can_sign_in && visitor.name.empty()) {
            m_html.element("a", {{"href", with_pair("/sign-in", "back", m_call.request.path_text)}}, "Sign in");
            m_html.text(" to change something here.");
        } else if (!visitor.name.empty()) {
            m_html.text(fmt::format(
                "{} may look, but not change anything: the configuration's web.admin names who may.", visitor.name));
        } else {
            m_html.text(
                "Changes are made on the host, with tidemark pin, suspend, resume, reconcile: no sign-in is set up.");
        }
        m_html.close();
        return false;
    }

    /// Only a button.
    void button(Verb verb, std::string_view words) {
        begin(verb);
        m_html.element("button", words).close();
    }

    /// A button that first asks for more: `fields` writes them.
    template <class Fields>
    void unfold(Verb verb, std::string_view words, std::string_view explained, const Fields& fields) {
        m_html.open("details", {{"id", fmt::format("do-{}", to_string(verb))}}).element("summary", words);
        begin(verb);
        m_html.element("p", {{"class", "quiet"}}, explained);
        fields();
        m_html.element("button", words).close().close();
    }

    void field(Verb verb, std::string_view name, std::string_view label, std::string_view hint, std::string_view value,
               bool required) {
        const std::string id = fmt::format("{}-{}", to_string(verb), name);
        const std::string hint_id = id + "-hint";
        m_html.open("div").element("label", {{"for", id}}, label);
        m_html.leaf("input", {{"type", "text"},
                              {"id", id},
                              {"name", name},
                              {"value", value},
                              {"autocomplete", "off"},
                              {"maxlength", "1000"},
                              {hint.empty() ? "" : "aria-describedby", hint_id},
                              {required ? "required" : "", ""}});
        if (!hint.empty()) m_html.element("span", {{"class", "hint"}, {"id", hint_id}}, hint);
        m_html.close();
    }

    void hidden(std::string_view name, std::string_view value) {
        m_html.leaf("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
    }

    void suspend_or_resume(bool suspended) {
        const Verb verb = suspended ? Verb::resume : Verb::suspend;
        unfold(verb, suspended ? "Resume" : "Suspend",
               suspended ? "It is worked on again from now on." : "Nothing is done about it until somebody resumes it.",
               [&] { field(verb, "reason", "Reason", "", "", false); });
    }

private:
    void begin(Verb verb) {
        m_html.open("form", {{"method", "post"}, {"action", "/commands"}});
        hidden("verb", to_string(verb));
        hidden("kind", kind_name(m_kind));
        hidden("namespace", m_object.object_namespace);
        hidden("name", m_object.name);
        hidden("csrf", m_call.visitor.csrf_token);
        hidden("back", m_call.request.path_text);
    }

    Html& m_html;
    const PageCall& m_call;
    const ObjectKind m_kind;
    const policy::ObjectKey& m_object;
};

std::string_view field_of(const Pairs& form, std::string_view name) {
    return find_only(form, name).value_or("");
}

}  // namespace

void write_image_forms(Html& html, const PageCall& call, const service::ImageView& image) {
    Forms forms(html, call, ObjectKind::image_policy, image.policy);
    if (!forms.allowed()) return;
    forms.button(Verb::reconcile, "Reconcile");
    if (!image.held.empty() && !image.pin && !image.candidate.empty()) {
        forms.unfold(Verb::accept, "Accept", fmt::format("{} is written now, whatever holds it.", image.candidate),
                     [&] {
                         forms.hidden("tag", image.candidate);
                         forms.field(Verb::accept, "reason", "Reason", "", "", false);
                     });
    }
    if (image.pin) {
        forms.unfold(Verb::unpin, "Unpin", "What the policy chooses is written again.",
                     [&] { forms.field(Verb::unpin, "reason", "Reason", "", "", false); });
    }
    forms.unfold(Verb::pin, image.pin ? "Pin anew" : "Pin", "This tag stays in Git, whatever the policy chooses.", [&] {
        forms.field(Verb::pin, "tag", "Tag", "", image.in_git.empty() ? image.candidate : image.in_git.front(), true);
        forms.field(Verb::pin, "reason", "Reason", "for those who find it", "", true);
        forms.field(Verb::pin, "until", "Until", "72h or 2026-12-31 (UTC); empty: until somebody takes it out", "",
                    false);
    });
    forms.suspend_or_resume(image.suspended);
}

void write_automation_forms(Html& html, const PageCall& call, const service::AutomationView& automation) {
    Forms forms(html, call, ObjectKind::image_update_automation, automation.key);
    if (!forms.allowed()) return;
    forms.button(Verb::reconcile, "Reconcile");
    forms.suspend_or_resume(automation.suspended);
    if (!automation.branch || automation.branch->push == automation.branch->checkout) return;
    forms.unfold(Verb::reset_branch, "Reset branch",
                 fmt::format("{} is rebuilt from {}; commits of other people on it are given up.",
                             automation.branch->push, automation.branch->checkout),
                 [&] { forms.field(Verb::reset_branch, "reason", "Reason", "", "", false); });
}

std::string end_of_pin(std::string_view until, std::chrono::sys_seconds now) {
    constexpr auto k_century = std::chrono::hours(24 * 366 * 100);
    const auto duration = policy::parse_duration(until);
    if (!duration || *duration <= std::chrono::nanoseconds(0) || *duration > k_century) return std::string(until);
    return policy::format_timestamp(now + std::chrono::ceil<std::chrono::seconds>(*duration));
}

Answer take_command(Site& site, const Request& request) {
    const Pairs form = parse_form(request.body);
    const Caller caller = find_caller(site, request);
    if (auto no = find_refusal(caller, request, *site.settings(), field_of(form, "csrf"))) return std::move(*no);
    const auto field = [&](std::string_view name) { return std::string(field_of(form, name)); };
    const OrderText text{field("verb"),
                         field("kind"),
                         field("namespace"),
                         field("name"),
                         field("tag"),
                         field("reason"),
                         end_of_pin(field_of(form, "until"), Site::now())};
    auto order = read_order(text, caller.who);
    if (const auto* why = std::get_if<std::string>(&order))
        return refusal(request, 400, *why, "go back and correct it");
    const Submitted submitted = submit(site, std::get<service::Command>(std::move(order)));
    Answer answer;
    answer.status = k_see_other;
    answer.headers.emplace_back(
        "Location", with_pair(safe_back(field_of(form, "back")), "said", std::to_string(submitted.ticket->number())));
    return answer;
}

}  // namespace tidemark::mirror::web
