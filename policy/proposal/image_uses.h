// Where manifests name images, and where on the line a marker could stand: containers of every workload, `image:` of
// anything else where a tag is written, `images` of Kustomize, `image: {repository, tag}` of Helm values. Texts are
// hostile: what cannot be read is said once a file, and sizes are capped by the reader. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::policy::proposal {

enum class MarkedPart {
    image,  // the scalar is the whole image
    tag,    // it is the tag alone
};

struct ImageUse {
    std::string file;
    std::size_t line = 0;  // from 1, of the scalar
    MarkedPart part = MarkedPart::image;
    std::string image;  // as written, without tag and digest
    std::string tag;
    std::string digest;
    std::string value;         // of the scalar
    std::string setter;        // of the marker that it has
    std::string obstacle;      // why no marker can be put there
    std::size_t line_end = 0;  // the byte behind the line, before its line end: where a marker goes
    std::string renamed;       // of Kustomize: the image in other manifests that this one stands for
};

struct FileUses {
    std::vector<ImageUse> uses;  // in the order of the file
    std::string problem;         // why nothing could be read
};

FileUses find_image_uses(std::string_view bytes, const std::string& file);

}  // namespace tidemark::policy::proposal
