#include "mirror/service/report.h"

namespace tidemark::mirror::service {

std::string_view to_string(Step step) noexcept {
    switch (step) {
        case Step::objects:
            return "objects";
        case Step::scan:
            return "scan";
        case Step::policy:
            return "policy";
        case Step::update:
            return "update";
        case Step::request:
            return "request";
    }
    return "";
}

}  // namespace tidemark::mirror::service
