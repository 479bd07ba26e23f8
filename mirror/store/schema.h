// The tables of the state, as portable SQL: everything a second database needs to know is here and in store.cpp.
#pragma once

#include <Poco/Data/Session.h>

namespace tidemark::mirror::store {

/// Creates what is missing and brings an older schema forward. Throws Error{storage} for a newer one.
void prepare_schema(Poco::Data::Session& session);

}  // namespace tidemark::mirror::store
