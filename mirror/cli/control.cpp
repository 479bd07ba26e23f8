#include "mirror/cli/control.h"

#include <array>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "mirror/cli/configuration.h"
#include "mirror/cli/control_places.h"

namespace tidemark::mirror::cli {

std::shared_ptr<Control> open_control(const Call& call) {
    if (call.environment.open_control) return call.environment.open_control(call.global);
    const Configuration configuration = configuration_of(call);
    if (auto service = find_service(configuration)) return control_by_service(std::move(service));
    require_objects(configuration);
    return control_by_state(configuration, call.streams);
}

std::string result_text(policy::ObjectKind kind, const store::ObjectStatus& status) {
    if (kind == policy::ObjectKind::image_repository) return fmt::format("scan fetched {} tags", status.tag_count);
    if (kind == policy::ObjectKind::image_policy && status.latest) return "selected ref " + status.latest->to_string();
    for (const store::Condition& condition : status.conditions)
        if (condition.type == "Ready") return condition.message;
    return "";
}

std::string local_user(const Environment& environment) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    std::string name = std::to_string(::geteuid());
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) name = found->pw_name;
    const std::string_view person = environment.get("SUDO_USER");
    if (::geteuid() != 0 || person.empty() || person == name) return name;
    return fmt::format("{} (as {})", person, name);
}

}  // namespace tidemark::mirror::cli
