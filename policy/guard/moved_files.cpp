#include "policy/guard/moved_files.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>

#include "policy/setters/setters.h"

namespace tidemark::policy::guard {
namespace {

/// More nameless files than these on either side are not compared with each other.
constexpr std::size_t k_max_nameless = 64;
/// The text of files with losses that is kept for their lines.
constexpr std::size_t k_max_kept = std::size_t{8} << 20;

/// The lines of a file without blanks and comments, as numbers, sorted.
std::vector<std::uint64_t> line_prints(std::string_view bytes) {
    std::vector<std::uint64_t> prints;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        line = line.substr(0, line.find('#'));
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first == std::string_view::npos) continue;
        line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
        prints.push_back(std::hash<std::string_view>()(line));
    }
    std::sort(prints.begin(), prints.end());
    return prints;
}

/// Half of the longer one's lines stand in both, which is what Git takes for a rename.
bool are_alike(const std::vector<std::uint64_t>& one, const std::vector<std::uint64_t>& other) {
    std::vector<std::uint64_t> both;
    std::set_intersection(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
    return !both.empty() && 2 * both.size() >= std::max(one.size(), other.size());
}

class MovedFiles {
public:
    MovedFiles(const std::vector<TreeFile>& removed, const std::vector<TreeFile>& added, ManifestBlobs& blobs,
               const TakeMoved& take)
        : m_removed(removed), m_added(added), m_blobs(blobs), m_take(take) {}

    void run() {
        FieldTree named(Objects::named);
        bool has_markers = false;
        for (std::size_t i = 0; i < m_removed.size(); ++i) {
            const auto bytes = find(m_removed[i]);
            if (!bytes || !may_hold_markers(*bytes)) continue;
            has_markers = true;
            read(*bytes, [&](const Manifest& manifest) {
                named.add_marked(Side::before, i, manifest);
                note_nameless(i, manifest);
            });
        }
        if (!has_markers) return;
        for (std::size_t i = 0; i < m_added.size(); ++i) {
            const auto bytes = find(m_added[i]);
            if (!bytes) continue;
            if (!m_nameless.empty() && m_prints.size() < k_max_nameless) m_prints.emplace_back(i, line_prints(*bytes));
            if (!named.empty() && may_hold_markers(*bytes))
                read(*bytes, [&](const Manifest& manifest) { named.add_marked(Side::after, i, manifest); });
        }
        judge_named(named);
        judge_nameless();
    }

private:
    template <class Take>
    static void read(std::string_view bytes, const Take& take) {
        if (bytes.size() > k_max_parsed_bytes) return;
        const Result<Manifest> manifest = Manifest::read(bytes);
        if (manifest) take(*manifest);
    }

    std::optional<std::string> find(const TreeFile& file) {
        if (file.charged) return m_blobs.find_again(file.id);
        m_blobs.charge_file();
        return m_blobs.find(file.id);
    }

    void note_nameless(std::size_t file, const Manifest& manifest) {
        FieldTree nameless(Objects::nameless);
        nameless.add_marked(Side::before, file, manifest);
        if (!nameless.empty() && m_nameless.size() < k_max_nameless) m_nameless.push_back(file);
    }

    void judge_named(FieldTree& tree) {
        if (tree.empty() || tree.is_complete()) return;
        for (std::size_t i = 0; i < m_removed.size() && !tree.is_full(); ++i)
            read(m_blobs.find_again(m_removed[i].id),
                 [&](const Manifest& manifest) { tree.add_unmarked(Side::before, i, manifest); });
        for (std::size_t i = 0; i < m_added.size() && !tree.is_full(); ++i)
            read(m_blobs.find_again(m_added[i].id),
                 [&](const Manifest& manifest) { tree.add_unmarked(Side::after, i, manifest); });
        tell(tree);
    }

    void judge_nameless() {
        for (const std::size_t from : m_nameless) {
            const std::string before = m_blobs.find_again(m_removed[from].id);
            const std::vector<std::uint64_t> prints = line_prints(before);
            for (const auto& [to, other] : m_prints) {
                if (are_alike(prints, other)) judge_pair(from, before, to);
            }
        }
    }

    void judge_pair(std::size_t from, std::string_view before, std::size_t to) {
        const std::string after = m_blobs.find_again(m_added[to].id);
        read(before, [&](const Manifest& old_manifest) {
            read(after, [&](const Manifest& new_manifest) {
                FieldTree tree(Objects::nameless);
                tree.add_marked(Side::before, from, old_manifest);
                tree.add_marked(Side::after, to, new_manifest);
                tree.add_unmarked(Side::before, from, old_manifest);
                tree.add_unmarked(Side::after, to, new_manifest);
                tell(tree);
            });
        });
    }

    void tell(const FieldTree& tree) {
        if (tree.is_full()) throw LimitReached("the push moves files with more marked fields than can be compared");
        std::map<std::string, std::string> kept;
        std::size_t size = 0;
        const auto bytes = [&](Side side, std::size_t file) -> std::string_view {
            const std::string& id = (side == Side::before ? m_removed : m_added)[file].id;
            auto found = kept.find(id);
            if (found == kept.end()) {
                found = kept.emplace(id, size < k_max_kept ? m_blobs.find_again(id) : std::string()).first;
                size += found->second.size();
            }
            return found->second;
        };
        for (DescribedLoss& loss : describe_losses(tree, bytes))
            m_take(m_removed[loss.before].path, m_added[loss.after].path, std::move(loss.finding));
    }

    const std::vector<TreeFile>& m_removed;
    const std::vector<TreeFile>& m_added;
    ManifestBlobs& m_blobs;
    const TakeMoved& m_take;
    std::vector<std::size_t> m_nameless;  // removed files that have markers in objects without a name
    std::vector<std::pair<std::size_t, std::vector<std::uint64_t>>> m_prints;  // of files that came
};

}  // namespace

void find_moved_losses(const std::vector<TreeFile>& removed, const std::vector<TreeFile>& added, ManifestBlobs& blobs,
                       const TakeMoved& take) {
    MovedFiles(removed, added, blobs, take).run();
}

}  // namespace tidemark::policy::guard
