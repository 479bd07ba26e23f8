#include "mirror/service/last_good.h"

#include <optional>
#include <variant>

#include "policy/yaml/document.h"

namespace tidemark::mirror::service {
namespace {

using policy::Finding;
using policy::Findings;
using policy::ObjectSet;
using policy::SourceText;

using FindingsOfFiles = std::map<std::string, Findings>;

void collect(const Findings& findings, const std::string& file, FindingsOfFiles& errors) {
    for (const Finding& finding : findings)
        if (finding.severity == policy::Severity::error)
            errors[finding.place.file.empty() ? file : finding.place.file].push_back(finding);
}

template <class Objects>
void collect_objects(const Objects& objects, FindingsOfFiles& errors) {
    for (const auto& [key, object] : objects)
        collect(object.metadata.findings, object.metadata.place.file, errors);
}

FindingsOfFiles errors_of(const ObjectSet& objects) {
    FindingsOfFiles errors;
    collect(objects.findings, "", errors);
    collect_objects(objects.image_repositories, errors);
    collect_objects(objects.image_policies, errors);
    collect_objects(objects.image_update_automations, errors);
    collect_objects(objects.git_repositories, errors);
    collect_objects(objects.secrets, errors);
    return errors;
}

std::optional<policy::yaml::YamlError> find_yaml_error(const std::string& bytes) {
    policy::yaml::DocumentReader reader(bytes);
    while (const auto answer = reader.next())
        if (const auto* error = std::get_if<policy::yaml::YamlError>(&*answer)) return *error;
    return std::nullopt;
}

/// Broken YAML that names none of our kinds is nobody's business, unless objects stood there before.
bool is_cut_off(const std::string& before, const SourceText& now) {
    if (before == now.bytes || !find_yaml_error(now.bytes)) return false;
    const ObjectSet objects = policy::read_objects({{now.file, before}});
    return !objects.image_repositories.empty() || !objects.image_policies.empty() ||
           !objects.image_update_automations.empty() || !objects.git_repositories.empty() || !objects.secrets.empty();
}

Finding cut_off(const SourceText& text) {
    return policy::make_finding(policy::Severity::error, {text.file, 0, 0}, "",
                                "not readable as YAML: " + find_yaml_error(text.bytes)->message);
}

std::string name_of(const std::string& file, unsigned occurrence) {
    return file + "\n" + std::to_string(occurrence);
}

}  // namespace

ObjectSet LastGood::read(const std::string& origin, std::vector<SourceText>& texts, const Findings& unreadable,
                         Findings& findings) {
    std::map<std::string, std::string>& known = m_texts[origin];
    ObjectSet objects = policy::read_objects(texts);
    FindingsOfFiles errors = errors_of(objects);
    std::map<std::string, std::string> good;
    std::map<std::string, unsigned> seen;  // two repositories may have a file of the same name
    bool replaced = false;
    for (SourceText& text : texts) {
        const std::string name = name_of(text.file, seen[text.file]++);
        const auto before = known.find(name);
        if (before != known.end() && !errors.contains(text.file) && is_cut_off(before->second, text))
            collect({cut_off(text)}, text.file, errors);
        const auto wrong = errors.find(text.file);
        if (wrong == errors.end() || (before != known.end() && before->second == text.bytes)) {
            good[name] = text.bytes;
            continue;
        }
        if (before == known.end()) continue;
        for (Finding finding : wrong->second) {
            finding.message += "; the file as it was before this edit stays in use";
            findings.push_back(std::move(finding));
        }
        text.bytes = before->second;
        good[name] = before->second;
        replaced = true;
    }
    for (const Finding& finding : unreadable) {
        const auto before = known.find(name_of(finding.place.file, 0));
        if (before == known.end() || good.contains(before->first)) continue;
        texts.push_back({finding.place.file, before->second});
        good[before->first] = before->second;
        replaced = true;
    }
    known = std::move(good);
    return replaced ? policy::read_objects(texts) : std::move(objects);
}

}  // namespace tidemark::mirror::service
