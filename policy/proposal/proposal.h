// What `tidemark init` proposes for the images that manifests use: for each image an ImageRepository and an ImagePolicy
// that takes the tag in use, a marker behind each value, and one GitRepository with an ImageUpdateAutomation. What is
// there already is used and not proposed again. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/objects/objects.h"
#include "policy/proposal/add_markers.h"
#include "policy/proposal/image_uses.h"
#include "policy/yaml/emitter.h"

namespace tidemark::policy::proposal {

/// The repository of the manifests, and where its objects go.
struct Wish {
    std::string name_space = "flux-system";
    std::string url;  // empty: unknown, no GitRepository and no automation are proposed
    std::string branch = "main";
    std::string push_branch;
    std::string update_path = "./";
    std::string secret_ref;  // of the GitRepository
};

/// An image and the policy that looks after some of its tags.
struct ImageRow {
    std::string image;
    std::vector<std::string> tags;  // in use, as written
    std::string rule;               // for people; of a policy that was there: empty
    ObjectKey policy;
    std::vector<std::string> places;  // FILE:LINE of its new markers
};

struct LeftAlone {
    std::string file;
    std::size_t line = 0;
    std::string value;
    std::string why;
};

struct Proposal {
    /// Objects by the name of the file they belong into, without its ending: "image-web", "git-fleet".
    std::map<std::string, std::vector<yaml::Value>> objects;
    std::map<std::string, std::vector<NewMarker>> markers;  // by manifest
    std::vector<ImageRow> images;
    std::vector<LeftAlone> left_alone;  // by file and line
    std::size_t marked_already = 0;

    std::size_t object_count() const noexcept;
    std::size_t marker_count() const noexcept;
};

/// `there` are the objects that are read already, wherever they are kept.
Proposal propose(const std::vector<ImageUse>& uses, const ObjectSet& there, const Wish& wish);

}  // namespace tidemark::policy::proposal
