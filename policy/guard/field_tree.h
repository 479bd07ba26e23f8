// The fields that were marked before a push, found again after it: by object (API group, kind, namespace, name; the
// version may change), then key by key, list items by their `name`. Only what leads to a field that was marked is
// kept, so that a tree is no larger than the markers ask for. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/guard/field.h"
#include "policy/guard/manifest.h"

namespace tidemark::policy::guard {

/// Beyond these occurrences nothing is compared (FieldTree::is_full): a hook has 32 MiB for everything.
inline constexpr std::size_t k_max_occurrences = 20'000;

enum class Side { before, after };
/// Which objects of a file count: across files those without a name cannot be told apart.
enum class Objects { all, named, nameless };

class FieldTree {
public:
    explicit FieldTree(Objects objects = Objects::all) : m_which(objects) {}

    /// The marked fields. Those of Side::before make the tree, and must all come before the others.
    void add_marked(Side side, std::size_t file, const Manifest& manifest);
    /// What stands in the same fields without a marker.
    void add_unmarked(Side side, std::size_t file, const Manifest& manifest);

    /// Whether each field has its markers still: then what stands without one need not be looked at.
    bool is_complete() const;

    /// Calls with each loss, its field living as long as the tree, and what it is about: "Deployment shop/web,
    /// containers[web].image".
    using TakeLoss = std::function<void(const Field&, const FieldLoss&, const std::string& subject)>;
    void for_each_loss(const TakeLoss& take) const;

    bool empty() const noexcept { return m_objects.empty(); }
    /// Occurrences were left out.
    bool is_full() const noexcept { return m_occurrences > k_max_occurrences; }

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> children;  // by step: ".key", "[name]", "[]"
        std::unique_ptr<Field> field;
    };
    struct Object {
        std::string subject;
        Node root;
    };
    class Walk;

    std::map<std::string, Object, std::less<>> m_objects;
    Objects m_which;
    std::size_t m_occurrences = 0;
};

}  // namespace tidemark::policy::guard
