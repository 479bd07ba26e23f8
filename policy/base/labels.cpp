#include "policy/base/labels.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemark::policy {
namespace {

constexpr std::size_t k_max_name = 63;
constexpr std::size_t k_max_prefix = 253;

// The wording is that of the Kubernetes API server, so that it can be looked up.
constexpr std::string_view k_name_rule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view k_prefix_rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr std::string_view k_value_rule =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

bool is_small(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_alphanumeric(char c) noexcept {
    return is_small(c) || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view text) noexcept {
    if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

/// One or more DNS labels joined by dots, in small letters.
bool is_subdomain(std::string_view text) noexcept {
    while (true) {
        const std::size_t dot = text.find('.');
        const std::string_view label = text.substr(0, dot);
        if (label.empty() || !is_small(label.front()) || !is_small(label.back())) return false;
        if (!std::all_of(label.begin(), label.end(), [](char c) { return is_small(c) || c == '-'; })) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

/// Rules that were broken, joined as they will be shown.
class Complaints {
public:
    void add(std::string_view complaint) {
        if (!m_text.empty()) m_text += "; ";
        m_text += complaint;
    }
    Result<std::string> answer(std::string_view accepted) && {
        if (!m_text.empty()) return Problem{std::move(m_text), std::nullopt};
        return std::string(accepted);
    }

private:
    std::string m_text;
};

bool holds(const LabelRequirement& requirement, const Labels& labels) {
    const auto found = labels.find(requirement.key);
    const bool present = found != labels.end();
    const auto listed = [&] {
        return std::find(requirement.values.begin(), requirement.values.end(), found->second) !=
               requirement.values.end();
    };
    switch (requirement.operation) {
        case LabelOperator::in:
            return present && listed();
        case LabelOperator::not_in:
            return !present || !listed();
        case LabelOperator::exists:
            return present;
        case LabelOperator::does_not_exist:
            return !present;
    }
    return false;
}

std::optional<LabelOperator> find_operator(std::string_view name) noexcept {
    if (name == "In") return LabelOperator::in;
    if (name == "NotIn") return LabelOperator::not_in;
    if (name == "Exists") return LabelOperator::exists;
    if (name == "DoesNotExist") return LabelOperator::does_not_exist;
    return std::nullopt;
}

/// What both forms of a selector demand of a requirement.
std::optional<Problem> check_requirement(const LabelRequirement& requirement) {
    if (const auto key = check_label_key(requirement.key); !key) {
        return Problem{fmt::format("the label key '{}' is invalid: {}", requirement.key, key.message()), std::nullopt};
    }
    const bool wants_values =
        requirement.operation == LabelOperator::in || requirement.operation == LabelOperator::not_in;
    if (wants_values && requirement.values.empty()) {
        return Problem{fmt::format("the operators In and NotIn need values for '{}'", requirement.key), std::nullopt};
    }
    if (!wants_values && !requirement.values.empty()) {
        return Problem{fmt::format("the operators Exists and DoesNotExist take no values for '{}'", requirement.key),
                       std::nullopt};
    }
    for (const std::string& value : requirement.values) {
        if (const auto checked = check_label_value(value); !checked) {
            return Problem{
                fmt::format("the label value '{}' for '{}' is invalid: {}", value, requirement.key, checked.message()),
                std::nullopt};
        }
    }
    return std::nullopt;
}

}  // namespace

bool LabelSelector::matches(const Labels& labels) const {
    return std::all_of(requirements.begin(), requirements.end(),
                       [&](const LabelRequirement& requirement) { return holds(requirement, labels); });
}

Result<LabelSelector> make_label_selector(const Labels& match_labels,
                                          const std::vector<RawLabelExpression>& match_expressions) {
    LabelSelector selector;
    for (const auto& [key, value] : match_labels) {
        selector.requirements.push_back({key, LabelOperator::in, {value}});
    }
    for (const RawLabelExpression& expression : match_expressions) {
        const auto operation = find_operator(expression.operation);
        if (!operation) {
            return Problem{fmt::format("'{}' is no label selector operator: use In, NotIn, Exists or DoesNotExist",
                                       expression.operation),
                           std::nullopt};
        }
        selector.requirements.push_back({expression.key, *operation, expression.values});
    }
    for (const LabelRequirement& requirement : selector.requirements) {
        if (auto problem = check_requirement(requirement)) return *std::move(problem);
    }
    return selector;
}

Result<std::string> check_label_key(std::string_view key) {
    Complaints complaints;
    std::string_view name = key;
    if (const std::size_t slash = key.find('/'); slash != std::string_view::npos) {
        const std::string_view prefix = key.substr(0, slash);
        name = key.substr(slash + 1);
        if (name.find('/') != std::string_view::npos) {
            complaints.add(fmt::format(
                "a valid label key {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
                k_name_rule));
            return std::move(complaints).answer(key);
        }
        if (prefix.empty()) {
            complaints.add("prefix part must be non-empty");
        } else if (prefix.size() > k_max_prefix) {
            complaints.add("prefix part must be no more than 253 bytes");
        } else if (!is_subdomain(prefix)) {
            complaints.add(fmt::format("prefix part {}", k_prefix_rule));
        }
    }
    if (name.empty()) complaints.add("name part must be non-empty");
    if (name.size() > k_max_name) complaints.add("name part must be no more than 63 bytes");
    if (!is_name(name)) complaints.add(fmt::format("name part {}", k_name_rule));
    return std::move(complaints).answer(key);
}

Result<std::string> check_label_value(std::string_view value) {
    Complaints complaints;
    if (value.size() > k_max_name) complaints.add("must be no more than 63 bytes");
    if (!value.empty() && !is_name(value)) complaints.add(k_value_rule);
    return std::move(complaints).answer(value);
}

namespace {

enum class SelectorToken { word, equal, not_equal, bang, open, close, comma, in, not_in, end, unknown };

/// A selector's text, piece by piece. `in` and `notin` are operators only where one may stand.
class SelectorText {
public:
    explicit SelectorText(std::string_view text) : m_text(text) { advance(); }

    SelectorToken token() const noexcept { return m_token; }
    std::string_view written() const noexcept { return m_written; }
    std::size_t position() const noexcept { return m_begin; }

    /// The token as an operator.
    SelectorToken as_operator() const noexcept {
        if (m_token != SelectorToken::word) return m_token;
        if (m_written == "in") return SelectorToken::in;
        if (m_written == "notin") return SelectorToken::not_in;
        return SelectorToken::word;
    }

    void advance() {
        while (m_next < m_text.size() && is_blank(m_text[m_next]))
            ++m_next;
        m_begin = m_next;
        if (m_next == m_text.size()) return set(SelectorToken::end, 0);
        switch (m_text[m_next]) {
            case '(':
                return set(SelectorToken::open, 1);
            case ')':
                return set(SelectorToken::close, 1);
            case ',':
                return set(SelectorToken::comma, 1);
            case '=':
                return set(SelectorToken::equal, follows('=') ? 2 : 1);
            case '!':
                return follows('=') ? set(SelectorToken::not_equal, 2) : set(SelectorToken::bang, 1);
            case '<':
            case '>':
                return set(SelectorToken::unknown, 1);
            default:
                break;
        }
        std::size_t length = 0;
        while (m_next + length < m_text.size() && !is_blank(m_text[m_next + length]) &&
               std::string_view("=!(),<>").find(m_text[m_next + length]) == std::string_view::npos) {
            ++length;
        }
        set(SelectorToken::word, length);
    }

private:
    static bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
    bool follows(char c) const noexcept { return m_next + 1 < m_text.size() && m_text[m_next + 1] == c; }
    void set(SelectorToken token, std::size_t length) {
        m_token = token;
        m_written = m_text.substr(m_next, length);
        m_next += length;
    }

    std::string_view m_text;
    std::size_t m_begin = 0;
    std::size_t m_next = 0;
    SelectorToken m_token = SelectorToken::end;
    std::string_view m_written;
};

/// The grammar of Kubernetes' labels.Parse, without its `<` and `>`.
class SelectorParser {
public:
    explicit SelectorParser(std::string_view text) : m_text(text) {}

    Result<LabelSelector> parse() {
        LabelSelector selector;
        if (m_text.token() == SelectorToken::end) return selector;
        while (true) {
            LabelRequirement requirement;
            if (!read_requirement(requirement)) return *m_problem;
            if (auto problem = check_requirement(requirement)) return *std::move(problem);
            selector.requirements.push_back(std::move(requirement));
            if (m_text.token() == SelectorToken::end) return selector;
            if (m_text.token() != SelectorToken::comma) {
                refuse("',' or the end");
                return *m_problem;
            }
            m_text.advance();
        }
    }

private:
    /// Notes what was expected where; answers false so that callers can return it.
    bool refuse(std::string_view expected) {
        const std::string found =
            m_text.token() == SelectorToken::end ? "the end" : fmt::format("'{}'", m_text.written());
        m_problem = Problem{fmt::format("found {} where {} was expected", found, expected), m_text.position()};
        return false;
    }

    bool read_requirement(LabelRequirement& requirement) {
        const bool negated = m_text.token() == SelectorToken::bang;
        if (negated) m_text.advance();
        if (m_text.token() != SelectorToken::word) return refuse("a label key");
        requirement.key = m_text.written();
        requirement.operation = negated ? LabelOperator::does_not_exist : LabelOperator::exists;
        m_text.advance();
        if (negated || m_text.token() == SelectorToken::end || m_text.token() == SelectorToken::comma) return true;
        return read_operation(requirement);
    }

    bool read_operation(LabelRequirement& requirement) {
        const SelectorToken operation = m_text.as_operator();
        if (operation == SelectorToken::equal || operation == SelectorToken::in) {
            requirement.operation = LabelOperator::in;
        } else if (operation == SelectorToken::not_equal || operation == SelectorToken::not_in) {
            requirement.operation = LabelOperator::not_in;
        } else {
            return refuse("in, notin, =, == or !=");
        }
        m_text.advance();
        const bool listed = operation == SelectorToken::in || operation == SelectorToken::not_in;
        return listed ? read_values(requirement.values) : read_value(requirement.values);
    }

    /// What follows `=`: nothing means the empty value.
    bool read_value(std::vector<std::string>& values) {
        values.emplace_back();
        if (m_text.token() == SelectorToken::end || m_text.token() == SelectorToken::comma) return true;
        if (m_text.token() != SelectorToken::word) return refuse("a value");
        values.back() = m_text.written();
        m_text.advance();
        return true;
    }

    /// `(a,b)`; a missing value between commas is the empty one, `()` is no value at all.
    bool read_values(std::vector<std::string>& values) {
        if (m_text.token() != SelectorToken::open) return refuse("'('");
        m_text.advance();
        if (m_text.token() == SelectorToken::close) {
            m_text.advance();
            return true;
        }
        while (true) {
            values.emplace_back();
            if (m_text.token() == SelectorToken::word) {
                values.back() = m_text.written();
                m_text.advance();
            }
            if (m_text.token() == SelectorToken::close) break;
            if (m_text.token() != SelectorToken::comma) return refuse("',' or ')'");
            m_text.advance();
        }
        m_text.advance();
        return true;
    }

    SelectorText m_text;
    std::optional<Problem> m_problem;
};

}  // namespace

Result<LabelSelector> parse_label_selector(std::string_view text) {
    return SelectorParser(text).parse();
}

}  // namespace tidemark::policy
