// ObjectStatus as JSON text, for the state's table. What cannot be read back is as good as unknown.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mirror/store/status.h"

namespace simdjson::dom {
class parser;
}

namespace tidemark::mirror::store {

std::string to_json(const ObjectStatus& status);

/// Keeps its buffers from one text to the next. Not for several threads at once.
class StatusReader {
public:
    StatusReader();
    ~StatusReader();
    std::optional<ObjectStatus> read(const std::string& text);

private:
    std::unique_ptr<simdjson::dom::parser> m_parser;
};

}  // namespace tidemark::mirror::store
