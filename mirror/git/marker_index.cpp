#include "mirror/git/marker_index.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "mirror/base/error.h"
#include "mirror/base/files.h"
#include "mirror/git/damage.h"
#include "mirror/git/marker_scan.h"
#include "mirror/git/marker_state.h"
#include "mirror/git/tree.h"
#include "policy/setters/setters.h"

namespace tidemark::mirror::git {
namespace {

constexpr std::size_t k_max_cache_bytes = std::size_t{1} << 30;
constexpr std::size_t k_max_manifests = 1'000'000;
constexpr std::size_t k_max_links = 2'000;
constexpr std::size_t k_max_tree_findings = 1'000;
// Knowing which blobs hold no marker pays when many files come back (another branch, a revert); for fewer than
// this, reading the blobs is cheaper than reading the list.
constexpr std::size_t k_list_worth_reading = 256;
constexpr std::size_t k_max_unmarked = 4'000'000;

/// What two trees do not have in common, as far as it matters here.
struct Delta {
    std::unordered_set<std::string> gone;  // manifests and links that were there, also those that changed
    std::vector<TreeDifference> files;     // manifests that are there now
    std::vector<MarkedLink> links;
    policy::Findings refused;                       // names that are not entered
    std::unordered_set<std::string> refused_paths;  // the same, and those that are gone
};

policy::Finding tree_finding(std::string path, std::string message) {
    policy::Finding finding;
    finding.severity = policy::Severity::warning;
    finding.place.file = std::move(path);
    finding.message = std::move(message);
    return finding;
}

void add_difference(Delta& delta, TreeDifference&& difference) {
    if (!policy::is_manifest_name(difference.path)) return;
    if (difference.old_mode != 0) delta.gone.insert(difference.path);
    if (difference.new_mode == k_mode_link) {
        if (delta.links.size() >= k_max_links)
            throw Error(ErrorKind::invalid, fmt::format("looking for markers: more than {} links", k_max_links));
        delta.links.push_back({std::move(difference.path), difference.new_id});
    } else if (is_file_mode(difference.new_mode)) {
        if (delta.files.size() >= k_max_manifests)
            throw Error(ErrorKind::invalid, fmt::format("looking for markers: more than {} files", k_max_manifests));
        delta.files.push_back(std::move(difference));
    }
}

Delta collect_delta(const Repository& repository, const std::optional<ObjectId>& before, const ResolvedPath& root) {
    Delta delta;
    if (root.mode != k_mode_tree) {  // the update path is a file
        add_difference(delta, {.path = root.path, .new_mode = root.mode, .new_id = root.id});
        return delta;
    }
    compare_trees(
        repository, before, root.id, root.path,
        [&](TreeDifference&& difference) { add_difference(delta, std::move(difference)); },
        [&](const std::string& path, bool present) {
            if (delta.refused_paths.size() >= k_max_tree_findings) return;
            if (delta.refused_paths.insert(path).second && present)
                delta.refused.push_back(tree_finding(path, "a name that Tidemark does not enter"));
        });
    return delta;
}

bool is_below(std::string_view path, const ResolvedPath& root) {
    if (root.mode != k_mode_tree) return path == root.path;
    return root.path.empty() ||
           (path.starts_with(root.path) && path.size() > root.path.size() && path[root.path.size()] == '/');
}

/// Links whose target is not looked at under its own name: those are read, and rewritten, through the link.
std::vector<std::pair<std::string, ResolvedPath>> outside_targets(const Repository& repository, const ObjectId& tree,
                                                                  const ResolvedPath& root,
                                                                  const std::vector<MarkedLink>& links) {
    std::vector<std::pair<std::string, ResolvedPath>> found;
    std::unordered_set<std::string> seen;
    for (const MarkedLink& link : links) {
        auto target = find_path(repository, tree, link.path);
        if (!target || !is_file_mode(target->mode)) continue;  // dangling, a loop, or a folder
        if (policy::is_manifest_name(target->path) && is_below(target->path, root)) continue;
        if (seen.insert(target->path).second) found.emplace_back(link.path, std::move(*target));
    }
    return found;
}

MarkedFile marked_file(std::string path, std::string seen_as, const ObjectId& blob, std::uint32_t mode,
                       const BlobMarkers& markers, const std::string& shown) {
    MarkedFile file{std::move(path), std::move(seen_as), blob, mode, markers.values, markers.findings};
    for (policy::Finding& finding : file.findings)
        finding.place.file = shown;
    return file;
}

std::string read_cache(const std::filesystem::path& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return {};
    try {
        return read_file(path, k_max_cache_bytes);
    } catch (const Error&) {
        return {};  // a cache: what cannot be read is made again
    }
}

void write_cache(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path, 0644);
    file.write(bytes);
    file.commit(Durability::whole_only);
}

std::uint64_t hash_text(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
    for (const char byte : text)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return hash;
}

}  // namespace

struct MarkerIndex::State {
    std::filesystem::path cache_file;
    MarkerState content;
    std::vector<ObjectId> unmarked;  // sorted
    bool unmarked_loaded = false;
    bool content_changed = false;
    bool unmarked_changed = false;

    std::filesystem::path unmarked_file() const { return cache_file.string() + ".unmarked"; }

    /// The folder that names count from, with its '/'. Of a file as update path it is the file's.
    std::string_view prefix() const {
        const std::string_view root = content.root_path;
        if (content.root_mode != k_mode_tree) return root.substr(0, root.rfind('/') + 1);
        return root;
    }

    std::string relative(std::string_view path) const {
        std::string_view folder = prefix();
        if (folder.ends_with('/')) folder.remove_suffix(1);
        if (folder.empty() || !path.starts_with(folder) || path.size() <= folder.size()) return std::string(path);
        return std::string(path.substr(folder.size() + 1));
    }

    void load_unmarked() {
        if (std::exchange(unmarked_loaded, true)) return;
        if (auto ids = decode_ids(read_cache(unmarked_file()))) unmarked = std::move(*ids);
    }

    bool is_unmarked(const ObjectId& blob) const { return std::binary_search(unmarked.begin(), unmarked.end(), blob); }

    void remember_unmarked(std::vector<ObjectId> found) {
        if (found.size() < k_list_worth_reading) return;
        if (unmarked.size() + found.size() > k_max_unmarked) unmarked.clear();
        unmarked.insert(unmarked.end(), found.begin(), found.end());
        std::sort(unmarked.begin(), unmarked.end());
        unmarked.erase(std::unique(unmarked.begin(), unmarked.end()), unmarked.end());
        unmarked_changed = true;
    }

    void apply(const Repository& repository, const ObjectId& tree, const ResolvedPath& root, Delta delta,
               IndexUpdate& update, const IndexOptions& options);
    std::unordered_map<ObjectId, BlobMarkers> markers_of(const Repository& repository,
                                                         const std::vector<ObjectId>& blobs, IndexUpdate& update,
                                                         const IndexOptions& options);
};

/// Of blobs that may come twice, those that are marked; reads only what is not known.
std::unordered_map<ObjectId, BlobMarkers> MarkerIndex::State::markers_of(const Repository& repository,
                                                                         const std::vector<ObjectId>& blobs,
                                                                         IndexUpdate& update,
                                                                         const IndexOptions& options) {
    if (blobs.size() >= k_list_worth_reading) load_unmarked();
    std::unordered_set<ObjectId> seen;
    std::vector<ObjectId> wanted;
    wanted.reserve(blobs.size());
    for (const ObjectId& blob : blobs)
        if (seen.insert(blob).second && !is_unmarked(blob)) wanted.push_back(blob);
    update.blobs_read += wanted.size();
    auto markers = scan_blobs(repository, wanted, options.threads);
    if (wanted.size() >= k_list_worth_reading) {
        std::erase_if(wanted, [&](const ObjectId& blob) { return markers.contains(blob); });
        remember_unmarked(std::move(wanted));
    }
    return markers;
}

void MarkerIndex::State::apply(const Repository& repository, const ObjectId& tree, const ResolvedPath& root,
                               Delta delta, IndexUpdate& update, const IndexOptions& options) {
    MarkerState next;
    next.update_path = content.update_path;
    next.tree = tree;
    next.root_path = root.path;
    next.root = root.id;
    next.root_mode = root.mode;
    next.tree_findings = std::move(delta.refused);

    next.links = std::move(delta.links);
    for (const MarkedLink& link : content.links)
        if (!delta.gone.contains(link.path)) next.links.push_back(link);
    std::sort(next.links.begin(), next.links.end(),
              [](const MarkedLink& a, const MarkedLink& b) { return path_less(a.path, b.path); });
    const auto targets = outside_targets(repository, tree, root, next.links);

    std::vector<ObjectId> blobs;
    for (const TreeDifference& file : delta.files)
        blobs.push_back(file.new_id);
    for (const auto& [link, target] : targets)
        blobs.push_back(target.id);
    const auto markers = markers_of(repository, blobs, update, options);

    MarkerState before = std::exchange(content, std::move(next));
    const auto add = [&](std::string path, std::string seen_as, const ObjectId& blob, std::uint32_t mode) {
        const auto found = markers.find(blob);
        if (found == markers.end()) return;
        const std::string shown = relative(seen_as);
        content.files.push_back(marked_file(std::move(path), std::move(seen_as), blob, mode, found->second, shown));
    };
    for (TreeDifference& file : delta.files)
        add(file.path, file.path, file.new_id, file.new_mode);
    for (const auto& [link, target] : targets)
        add(target.path, link, target.id, target.mode);
    for (MarkedFile& file : before.files)
        if (file.seen_as == file.path && !delta.gone.contains(file.path)) content.files.push_back(std::move(file));
    // Stable, and the new ones came first: of two entries with one name (a damaged tree) the new one stays.
    std::stable_sort(content.files.begin(), content.files.end(),
                     [](const MarkedFile& a, const MarkedFile& b) { return path_less(a.seen_as, b.seen_as); });
    content.files.erase(std::unique(content.files.begin(), content.files.end(),
                                    [](const MarkedFile& a, const MarkedFile& b) { return a.seen_as == b.seen_as; }),
                        content.files.end());
    update.files_changed = delta.files.size() + delta.gone.size();
    content_changed = true;
}

MarkerIndex::MarkerIndex(std::filesystem::path cache_file, std::string update_path)
    : m_state(std::make_unique<State>()) {
    m_state->cache_file = std::move(cache_file);
    if (auto content = decode_state(read_cache(m_state->cache_file)); content && content->update_path == update_path)
        m_state->content = std::move(*content);
    m_state->content.update_path = std::move(update_path);
}

MarkerIndex::~MarkerIndex() = default;
MarkerIndex::MarkerIndex(MarkerIndex&&) noexcept = default;
MarkerIndex& MarkerIndex::operator=(MarkerIndex&&) noexcept = default;

const ObjectId& MarkerIndex::tree() const noexcept {
    return m_state->content.tree;
}
const std::string& MarkerIndex::resolved_path() const noexcept {
    return m_state->content.root_path;
}
const std::vector<MarkedFile>& MarkerIndex::files() const noexcept {
    return m_state->content.files;
}
std::string MarkerIndex::relative(std::string_view path) const {
    return m_state->relative(path);
}

std::string MarkerIndex::prefix() const {
    const std::string folder(m_state->prefix());
    return folder.empty() || folder.ends_with('/') ? folder : folder + "/";
}

policy::Findings MarkerIndex::findings() const {
    policy::Findings all = m_state->content.tree_findings;
    for (const MarkedFile& file : files())
        all.insert(all.end(), file.findings.begin(), file.findings.end());
    return all;
}

IndexUpdate MarkerIndex::update(const Repository& repository, const ObjectId& tree, const IndexOptions& options) {
    State& state = *m_state;
    IndexUpdate update;
    if (tree == state.content.tree) return update;
    const auto root = find_path(repository, tree, state.content.update_path);
    if (!root)
        throw Error(ErrorKind::not_found, fmt::format("looking for markers: the update path {} is not in tree {}",
                                                      state.content.update_path, to_string(tree)));
    const MarkerState& old = state.content;
    if (!old.tree.is_zero() && old.root_path == root->path && old.root_mode == k_mode_tree &&
        root->mode == k_mode_tree) {
        // The old tree may be gone from the mirror (history rewritten, then garbage collected), whole or in part.
        std::optional<Delta> delta;
        try {
            delta = collect_delta(repository, old.root, *root);
        } catch (const DamagedRepository&) {
            // If it is the new one that cannot be read, the rebuilding says so.
        }
        if (delta) {
            // Odd names are told of only where something changed: those met before stay.
            for (const policy::Finding& finding : old.tree_findings)
                if (!delta->refused_paths.contains(finding.place.file)) delta->refused.push_back(finding);
            state.apply(repository, tree, *root, std::move(*delta), update, options);
            return update;
        }
    }
    update.rebuilt = true;
    MarkerState empty;
    empty.update_path = state.content.update_path;
    Delta delta = collect_delta(repository, std::nullopt, *root);
    std::swap(state.content, empty);
    try {
        state.apply(repository, tree, *root, std::move(delta), update, options);
    } catch (...) {
        state.content = std::move(empty);
        throw;
    }
    return update;
}

void MarkerIndex::save() {
    State& state = *m_state;
    if (state.unmarked_changed) write_cache(state.unmarked_file(), encode_ids(state.unmarked));
    state.unmarked_changed = false;
    if (state.content_changed) write_cache(state.cache_file, encode_state(state.content));
    state.content_changed = false;
}

std::string marker_index_name(std::string_view update_path) {
    return fmt::format("markers-{:016x}.index", hash_text(update_path));
}

}  // namespace tidemark::mirror::git
