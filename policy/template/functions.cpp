#include "policy/template/functions.h"

#include <array>
#include <map>

namespace tidemark::policy::message {
namespace {

using Index = std::map<std::string_view, const Function*>;

/// sprig's names go before Go's own: its `slice` hides the built-in one.
Index make_index() {
    Index index;
    for (const auto table :
         {text_functions(), wording_functions(), conversion_functions(), list_functions(), dict_functions(),
          default_functions(), integer_functions(), decimal_functions(), pattern_functions(), encoding_functions(),
          hash_functions(), path_functions(), address_functions(), version_functions(), date_functions(),
          json_functions(), builtin_functions(), comparison_functions()}) {
        for (const Function& function : table)
            index.emplace(function.name, &function);
    }
    return index;
}

}  // namespace

const Function* find_function(std::string_view name) noexcept {
    static const Index index = make_index();
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
}

}  // namespace tidemark::policy::message
