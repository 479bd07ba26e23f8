// message-template.json: every template against its data, the message or its refusal compared.
// Flux's wording of errors is for reading; whether there is one is compared.
#include <set>

#include "policy/template/template.h"
#include "tests/conformance/harness.h"

namespace tidemark::conformance {
namespace {

using policy::Change;
using policy::MessageData;
using policy::MessageTemplate;

constexpr const char* k_file = "message-template.json";

/// What Tidemark answers on purpose where Flux answers otherwise (differences.md): the message, checked as well.
std::optional<std::string> deliberate_answer(const std::string& id, const MessageData& data) {
    const std::string image = data.images.empty() ? "" : data.images.front().reference;
    const std::string file = data.changes.empty() ? "" : data.changes.front().file;
    if (id == "data-updated") return image;
    if (id == "data-updated-doc")
        return "Commit summary\n\nAutomation: " + data.automation_namespace + "/" + data.automation_name +
               "\n\nFiles:\n- " + file + "\n";
    if (id == "data-updated-in-if") return "x";
    if (id == "data-imageresult") return file;
    if (id == "legacy-objects-changed-shared") return "2";
    if (id == "legacy-dot") {
        const Change& change = data.changes.front();
        return "{flux-system/podinfo-update {map[" + file + ":map[{{{apps/v1 Deployment} {Podinfo default}}}:[{" +
               change.old_value + " " + change.new_value + " " + change.setter + "}]]]} map[]}";
    }
    return std::nullopt;
}

MessageData data_of(Json one) {
    MessageData data;
    const Json automation = one["data"]["automation"];
    data.automation_namespace = text(automation, "namespace").value_or("");
    data.automation_name = text(automation, "name").value_or("");
    simdjson::dom::object values;
    if (one["values"].get(values) == simdjson::SUCCESS) {
        for (const auto [key, value] : values)
            data.values[std::string(key)] = std::string(value.get_string().value());
    }
    simdjson::dom::array list;
    if (one["data"]["changes"].get(list) == simdjson::SUCCESS) {
        for (const Json change : list) {
            const auto field = [&](std::string_view key) { return text(change, key).value_or(""); };
            data.changes.push_back({field("file"),
                                    {field("apiVersion"), field("kind"), field("namespace"), field("name")},
                                    field("setter"),
                                    field("old"),
                                    field("new"),
                                    0});
        }
    }
    if (one["data"]["images"].get(list) == simdjson::SUCCESS) {
        for (const Json image : list)
            data.images.push_back({text(image, "policy").value_or(""), text(image, "ref").value_or("")});
    }
    return data;
}

void check_case(Report& report, Json one) {
    const std::string id = text(one, "id").value_or("");
    const MessageData data = data_of(one);
    const auto message = MessageTemplate::parse(text(one, "template").value_or(""));
    const policy::Result<std::string> rendered =
        message ? message->render(data) : policy::Result<std::string>(message.problem());
    const std::string actual = rendered ? rendered.value() : "error: " + rendered.message();
    const std::string expected =
        truth(one, "error") ? "error: " + text(one, "error_text").value_or("") : text(one, "output").value_or("");
    const bool same = truth(one, "error") ? !rendered.ok() : rendered.ok() && actual == expected;
    if (const std::optional<std::string> ours = deliberate_answer(id, data)) {
        if (actual == *ours) return report.differs(k_file, id);
        return report.fail(k_file, id, *ours, actual);
    }
    if (same) return report.pass(k_file);
    report.fail(k_file, id, expected, actual);
}

}  // namespace

void check_templates(Report& report) {
    for (const Json one : report.cases(k_file))
        check_case(report, one);
}

}  // namespace tidemark::conformance
