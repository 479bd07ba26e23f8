// The tables of the state, as portable SQL: everything a second database needs to know is here and in store*.cpp.
#pragma once

#include <Poco/Data/Session.h>

namespace tidemark::mirror::store {

/// Creates what is missing and brings an older schema forward. Throws Error{storage} for a newer one.
void prepare_schema(Poco::Data::Session& session);

/// 0: nothing was ever written. Throws Error{storage} for one that is newer than this program knows.
int schema_version(Poco::Data::Session& session);

/// For a reader, who must not change the file: what an older schema lacks is added beside it, empty, for this session
/// only. Throws as prepare_schema.
void complete_schema(Poco::Data::Session& session);

}  // namespace tidemark::mirror::store
