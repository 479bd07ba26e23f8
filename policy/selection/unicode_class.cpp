#include "policy/selection/unicode_class.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

// Categories and scripts as RE2 spells them.
constexpr std::array k_names = std::to_array<std::string_view>({"L",
                                                                "Lu",
                                                                "Ll",
                                                                "Lt",
                                                                "Lm",
                                                                "Lo",
                                                                "M",
                                                                "Mn",
                                                                "Mc",
                                                                "Me",
                                                                "N",
                                                                "Nd",
                                                                "Nl",
                                                                "No",
                                                                "P",
                                                                "Pc",
                                                                "Pd",
                                                                "Ps",
                                                                "Pe",
                                                                "Pi",
                                                                "Pf",
                                                                "Po",
                                                                "S",
                                                                "Sm",
                                                                "Sc",
                                                                "Sk",
                                                                "So",
                                                                "Z",
                                                                "Zs",
                                                                "Zl",
                                                                "Zp",
                                                                "Cc",
                                                                "Cf",
                                                                "Cs",
                                                                "Co",
                                                                "Adlam",
                                                                "Ahom",
                                                                "Anatolian_Hieroglyphs",
                                                                "Arabic",
                                                                "Armenian",
                                                                "Avestan",
                                                                "Balinese",
                                                                "Bamum",
                                                                "Bassa_Vah",
                                                                "Batak",
                                                                "Bengali",
                                                                "Bhaiksuki",
                                                                "Bopomofo",
                                                                "Brahmi",
                                                                "Braille",
                                                                "Buginese",
                                                                "Buhid",
                                                                "Canadian_Aboriginal",
                                                                "Carian",
                                                                "Caucasian_Albanian",
                                                                "Chakma",
                                                                "Cham",
                                                                "Cherokee",
                                                                "Chorasmian",
                                                                "Common",
                                                                "Coptic",
                                                                "Cuneiform",
                                                                "Cypriot",
                                                                "Cypro_Minoan",
                                                                "Cyrillic",
                                                                "Deseret",
                                                                "Devanagari",
                                                                "Dives_Akuru",
                                                                "Dogra",
                                                                "Duployan",
                                                                "Egyptian_Hieroglyphs",
                                                                "Elbasan",
                                                                "Elymaic",
                                                                "Ethiopic",
                                                                "Georgian",
                                                                "Glagolitic",
                                                                "Gothic",
                                                                "Grantha",
                                                                "Greek",
                                                                "Gujarati",
                                                                "Gunjala_Gondi",
                                                                "Gurmukhi",
                                                                "Han",
                                                                "Hangul",
                                                                "Hanifi_Rohingya",
                                                                "Hanunoo",
                                                                "Hatran",
                                                                "Hebrew",
                                                                "Hiragana",
                                                                "Imperial_Aramaic",
                                                                "Inherited",
                                                                "Inscriptional_Pahlavi",
                                                                "Inscriptional_Parthian",
                                                                "Javanese",
                                                                "Kaithi",
                                                                "Kannada",
                                                                "Katakana",
                                                                "Kawi",
                                                                "Kayah_Li",
                                                                "Kharoshthi",
                                                                "Khitan_Small_Script",
                                                                "Khmer",
                                                                "Khojki",
                                                                "Khudawadi",
                                                                "Lao",
                                                                "Latin",
                                                                "Lepcha",
                                                                "Limbu",
                                                                "Linear_A",
                                                                "Linear_B",
                                                                "Lisu",
                                                                "Lycian",
                                                                "Lydian",
                                                                "Mahajani",
                                                                "Makasar",
                                                                "Malayalam",
                                                                "Mandaic",
                                                                "Manichaean",
                                                                "Marchen",
                                                                "Masaram_Gondi",
                                                                "Medefaidrin",
                                                                "Meetei_Mayek",
                                                                "Mende_Kikakui",
                                                                "Meroitic_Cursive",
                                                                "Meroitic_Hieroglyphs",
                                                                "Miao",
                                                                "Modi",
                                                                "Mongolian",
                                                                "Mro",
                                                                "Multani",
                                                                "Myanmar",
                                                                "Nabataean",
                                                                "Nag_Mundari",
                                                                "Nandinagari",
                                                                "New_Tai_Lue",
                                                                "Newa",
                                                                "Nko",
                                                                "Nushu",
                                                                "Nyiakeng_Puachue_Hmong",
                                                                "Ogham",
                                                                "Ol_Chiki",
                                                                "Old_Hungarian",
                                                                "Old_Italic",
                                                                "Old_North_Arabian",
                                                                "Old_Permic",
                                                                "Old_Persian",
                                                                "Old_Sogdian",
                                                                "Old_South_Arabian",
                                                                "Old_Turkic",
                                                                "Old_Uyghur",
                                                                "Oriya",
                                                                "Osage",
                                                                "Osmanya",
                                                                "Pahawh_Hmong",
                                                                "Palmyrene",
                                                                "Pau_Cin_Hau",
                                                                "Phags_Pa",
                                                                "Phoenician",
                                                                "Psalter_Pahlavi",
                                                                "Rejang",
                                                                "Runic",
                                                                "Samaritan",
                                                                "Saurashtra",
                                                                "Sharada",
                                                                "Shavian",
                                                                "Siddham",
                                                                "SignWriting",
                                                                "Sinhala",
                                                                "Sora_Sompeng",
                                                                "Soyombo",
                                                                "Sundanese",
                                                                "Syloti_Nagri",
                                                                "Syriac",
                                                                "Tagalog",
                                                                "Tagbanwa",
                                                                "Tai_Le",
                                                                "Tai_Tham",
                                                                "Tai_Viet",
                                                                "Takri",
                                                                "Tamil",
                                                                "Tangsa",
                                                                "Tangut",
                                                                "Telugu",
                                                                "Thaana",
                                                                "Thai",
                                                                "Tibetan",
                                                                "Tifinagh",
                                                                "Tirhuta",
                                                                "Toto",
                                                                "Ugaritic",
                                                                "Vai",
                                                                "Vithkuqi",
                                                                "Wancho",
                                                                "Warang_Citi",
                                                                "Yezidi",
                                                                "Yi",
                                                                "Zanabazar_Square"});

struct Alias {
    std::string_view loose;
    std::string_view name;
};

constexpr std::array k_aliases = std::to_array<Alias>({{"letter", "L"},
                                                       {"uppercaseletter", "Lu"},
                                                       {"lowercaseletter", "Ll"},
                                                       {"titlecaseletter", "Lt"},
                                                       {"modifierletter", "Lm"},
                                                       {"otherletter", "Lo"},
                                                       {"mark", "M"},
                                                       {"combiningmark", "M"},
                                                       {"nonspacingmark", "Mn"},
                                                       {"spacingmark", "Mc"},
                                                       {"enclosingmark", "Me"},
                                                       {"number", "N"},
                                                       {"decimalnumber", "Nd"},
                                                       {"digit", "Nd"},
                                                       {"letternumber", "Nl"},
                                                       {"othernumber", "No"},
                                                       {"punctuation", "P"},
                                                       {"punct", "P"},
                                                       {"connectorpunctuation", "Pc"},
                                                       {"dashpunctuation", "Pd"},
                                                       {"openpunctuation", "Ps"},
                                                       {"closepunctuation", "Pe"},
                                                       {"initialpunctuation", "Pi"},
                                                       {"finalpunctuation", "Pf"},
                                                       {"otherpunctuation", "Po"},
                                                       {"symbol", "S"},
                                                       {"mathsymbol", "Sm"},
                                                       {"currencysymbol", "Sc"},
                                                       {"modifiersymbol", "Sk"},
                                                       {"othersymbol", "So"},
                                                       {"separator", "Z"},
                                                       {"spaceseparator", "Zs"},
                                                       {"lineseparator", "Zl"},
                                                       {"paragraphseparator", "Zp"},
                                                       {"control", "Cc"},
                                                       {"cntrl", "Cc"},
                                                       {"format", "Cf"},
                                                       {"surrogate", "Cs"},
                                                       {"privateuse", "Co"}});

/// Classes that RE2 lacks, as members of a bracket: what is in them and what is not. An empty text cannot be
/// written inside brackets.
struct Composed {
    std::string_view loose;
    std::string_view members;
    std::string_view others;
};

constexpr std::string_view k_assigned = "\\pL\\pM\\pN\\pP\\pS\\pZ\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}";
constexpr std::string_view k_not_other = "\\pL\\pM\\pN\\pP\\pS\\pZ";
constexpr std::string_view k_cased = "\\p{Lu}\\p{Ll}\\p{Lt}";

constexpr std::array k_composed{
    Composed{"any", "\\x00-\\x{10FFFF}", ""}, Composed{"ascii", "\\x00-\\x7F", "\\x{80}-\\x{10FFFF}"},
    Composed{"assigned", k_assigned, ""},     Composed{"cn", "", k_assigned},
    Composed{"unassigned", "", k_assigned},   Composed{"c", "", k_not_other},
    Composed{"other", "", k_not_other},       Composed{"lc", k_cased, ""},
    Composed{"casedletter", k_cased, ""},
};

std::string loosen(std::string_view name) {
    std::string loose;
    for (char c : name) {
        if (c == ' ' || c == '-' || c == '_') continue;
        loose += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return loose;
}

std::optional<std::string_view> find_exact_name(std::string_view loose) {
    for (const Alias& alias : k_aliases) {
        if (alias.loose == loose) return alias.name;
    }
    const auto found =
        std::find_if(k_names.begin(), k_names.end(), [&](std::string_view name) { return loosen(name) == loose; });
    if (found == k_names.end()) return std::nullopt;
    return *found;
}

/// A bracket may be turned round when it stands alone, so either half of a composed class will do there.
std::optional<std::string> write(const Composed& composed, bool negated, ClassPlace place) {
    const std::string_view wanted = negated ? composed.others : composed.members;
    const std::string_view rest = negated ? composed.members : composed.others;
    if (place == ClassPlace::in_brackets) {
        if (wanted.empty()) return std::nullopt;
        return std::string(wanted);
    }
    return wanted.empty() ? fmt::format("[^{}]", rest) : fmt::format("[{}]", wanted);
}

}  // namespace

Result<std::string> unicode_class(std::string_view name, bool negated, ClassPlace place) {
    const std::string loose = loosen(name);
    for (const Composed& composed : k_composed) {
        if (composed.loose != loose) continue;
        if (auto text = write(composed, negated, place)) return *std::move(text);
        return Problem{
            fmt::format("the character class '{}' with unassigned characters cannot stand in brackets", name),
            std::nullopt};
    }
    const auto exact = find_exact_name(loose);
    if (!exact) return Problem{fmt::format("unknown character class '{}'", name), std::nullopt};
    return fmt::format("\\{}{{{}}}", negated ? 'P' : 'p', *exact);
}

}  // namespace tidemark::policy
