#include <fmt/format.h>
#include <rapidjson/document.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/service/view.h"

namespace tidemark::mirror::service {
namespace {

constexpr std::size_t k_most_bytes = std::size_t{4} << 20;

using Document = rapidjson::GenericDocument<rapidjson::UTF8<>>;

std::string text_of(const rapidjson::Value& from, const char* key) {
    const auto member = from.FindMember(key);
    if (member == from.MemberEnd() || !member->value.IsString()) return "";
    return {member->value.GetString(), member->value.GetStringLength()};
}

void read(const Document& report, HooksView& view) {
    if (!report.IsObject()) {
        view.problem = "the hooks' report is no JSON object";
        return;
    }
    view.reported = true;
    view.time = text_of(report, "time");
    const auto hooks = report.FindMember("hooks");
    if (hooks == report.MemberEnd() || !hooks->value.IsArray()) return;
    for (const rapidjson::Value& entry : hooks->value.GetArray()) {
        if (!entry.IsObject()) continue;
        const auto armed = entry.FindMember("armed");
        view.hooks.push_back({text_of(entry, "repository"), text_of(entry, "host"),
                              armed != entry.MemberEnd() && armed->value.IsBool() && armed->value.GetBool(),
                              text_of(entry, "why")});
    }
}

}  // namespace

HooksView read_hooks_report(const std::filesystem::path& file) {
    HooksView view;
    try {
        const std::string text = read_file(file, k_most_bytes);
        Document report;
        // Iterative: depth costs no stack.
        report.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
        if (report.HasParseError()) {
            view.problem = fmt::format("the hooks' report {} is no JSON", file.string());
        } else {
            read(report, view);
        }
    } catch (const Error& error) {
        // Where no hook was installed there is no report either.
        if (error.kind() != ErrorKind::not_found) view.problem = error.what();
    }
    return view;
}

}  // namespace tidemark::mirror::service
