// What a commit message template sees: MessageData as Go values, in the canonical order (files by name, in a file
// objects by apiVersion, kind, name, namespace, in an object as found).
#pragma once

#include "policy/template/context.h"
#include "policy/template/template.h"

namespace tidemark::policy::message {

/// The values refer to `data`, which must outlive the context.
Value make_message_data(Context& context, const MessageData& data);

}  // namespace tidemark::policy::message
