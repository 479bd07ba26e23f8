#include "mirror/service/reverts.h"

#include <fmt/format.h>

namespace tidemark::mirror::service {

Reverts find_reverts(const git::MarkerIndex& index, const policy::SetterValues& values,
                     const std::vector<store::Written>& writes, const git::Repository& repository,
                     const git::ObjectId& tip) {
    Reverts reverts;
    std::map<std::pair<std::string_view, std::string_view>, const store::Written*> written;
    for (const store::Written& write : writes)
        written[{write.file, write.setter}] = &write;
    if (written.empty()) return reverts;

    for (const git::MarkedFile& file : index.files()) {
        const std::string shown = index.relative(file.seen_as);
        for (const git::MarkedValue& value : file.values) {
            const auto found = written.find({shown, value.setter});
            if (found == written.end() || found->second->value == value.value) continue;
            const auto wanted = values.values.find(value.setter);
            if (wanted == values.values.end() || wanted->second != found->second->value) continue;
            const auto commit = git::find_object_id(found->second->commit_id);
            if (!commit || !repository.has_object(*commit) || !repository.is_ancestor(*commit, tip)) continue;
            if (!reverts.held[file.path].insert(value.setter).second) continue;
            reverts.sentences.push_back(
                fmt::format("held: {}:{} stays at {}: somebody took {} back (was written by {})", shown, value.line,
                            value.value, wanted->second, git::to_short_string(*commit)));
        }
    }
    return reverts;
}

}  // namespace tidemark::mirror::service
