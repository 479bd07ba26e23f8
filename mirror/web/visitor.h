// Who looks at the page, as its handlers need to know it. Plain values.
#pragma once

#include <string>

namespace tidemark::mirror::web {

struct Visitor {
    std::string name;          // empty: nobody is signed in
    bool may_change = false;   // reconcile, suspend, pin ...
    bool has_session = false;  // signed in here, so that signing out means something
    bool can_sign_in = false;  // there is a token to sign in with
    std::string csrf_token;    // what forms must send back; empty where browsers add nothing by themselves
};

}  // namespace tidemark::mirror::web
