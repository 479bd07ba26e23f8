// semver and semverCompare. A version's text lives in the context, as its Version refers to it.
#include "policy/template/functions.h"
#include "policy/template/versions.h"
#include "policy/version/constraint.h"
#include "policy/version/version.h"

namespace tidemark::policy::message {
namespace {

const Version& receiver(const Call& call) {
    return call.value(0).as_native<Version>();
}
const Version& other(const Call& call) {
    return call.value(1).as_native<Version>();
}

Result<Value> made(Call& call, std::string text) {
    const std::string_view kept = call.context.text(std::move(text)).as_text();
    const std::optional<Version> version = parse_version(kept);
    if (!version) return problem("invalid semantic version");
    return call.context.native(*version, types::version);
}

Result<Value> major(Call& call) {
    return Value::natural(receiver(call).major, types::uint64);
}
Result<Value> minor(Call& call) {
    return Value::natural(receiver(call).minor, types::uint64);
}
Result<Value> patch(Call& call) {
    return Value::natural(receiver(call).patch, types::uint64);
}
Result<Value> prerelease(Call& call) {
    return Context::view(receiver(call).prerelease);
}
Result<Value> metadata(Call& call) {
    return Context::view(receiver(call).metadata);
}
Result<Value> original(Call& call) {
    return Context::view(receiver(call).original);
}
Result<Value> string(Call& call) {
    return call.context.text(canonical(receiver(call)));
}

Result<Value> compare_versions(Call& call) {
    const std::strong_ordering order = compare(receiver(call), other(call));
    return Value::integer(order < 0 ? -1 : order > 0 ? 1 : 0, types::integer);
}
Result<Value> equal(Call& call) {
    return Value::boolean(compare(receiver(call), other(call)) == 0);
}
Result<Value> less(Call& call) {
    return Value::boolean(compare(receiver(call), other(call)) < 0);
}
Result<Value> greater(Call& call) {
    return Value::boolean(compare(receiver(call), other(call)) > 0);
}
Result<Value> less_equal(Call& call) {
    return Value::boolean(compare(receiver(call), other(call)) <= 0);
}
Result<Value> greater_equal(Call& call) {
    return Value::boolean(compare(receiver(call), other(call)) >= 0);
}

/// The next version: the prefix `v` stays, the parts below start again at 0.
Result<Value> next(Call& call, std::uint64_t major_number, std::uint64_t minor_number, std::uint64_t patch_number) {
    const std::string prefix = receiver(call).original.starts_with('v') ? "v" : "";
    return made(call, prefix + std::to_string(major_number) + "." + std::to_string(minor_number) + "." +
                          std::to_string(patch_number));
}
Result<Value> next_major(Call& call) {
    return next(call, receiver(call).major + 1, 0, 0);
}
Result<Value> next_minor(Call& call) {
    return next(call, receiver(call).major, receiver(call).minor + 1, 0);
}
Result<Value> next_patch(Call& call) {
    const Version& version = receiver(call);
    // A prerelease's next patch is its release.
    return next(call, version.major, version.minor, version.patch + (version.prerelease.empty() ? 1 : 0));
}

constexpr Function k_methods[] = {
    {"Major", "", major},
    {"Minor", "", minor},
    {"Patch", "", patch},
    {"Prerelease", "", prerelease},
    {"Metadata", "", metadata},
    {"Original", "", original},
    {"String", "", string},
    {"Compare", "v", compare_versions},
    {"Equal", "v", equal},
    {"LessThan", "v", less},
    {"GreaterThan", "v", greater},
    {"LessThanEqual", "v", less_equal},
    {"GreaterThanEqual", "v", greater_equal},
    {"IncMajor", "", next_major},
    {"IncMinor", "", next_minor},
    {"IncPatch", "", next_patch},
};

Result<Value> semver(Call& call) {
    return made(call, std::string(call.text(0)));
}

Result<Value> semver_compare(Call& call) {
    const Result<Constraint> constraint = Constraint::parse(call.text(0));
    if (!constraint) return constraint.problem();
    const std::optional<Version> version = parse_version(call.text(1));
    if (!version) return problem("invalid semantic version");
    return Value::boolean(constraint->check(*version));
}

constexpr Function k_functions[] = {{"semver", "s", semver}, {"semverCompare", "ss", semver_compare}};

}  // namespace

namespace types {

const Type version{.kind = Kind::native,
                   .name = "*semver.Version",
                   .go_kind = "ptr",
                   .methods = k_methods,
                   .to_text = [](const Value& value) { return canonical(value.as_native<Version>()); },
                   .to_json = [](const Value& value) { return canonical(value.as_native<Version>()); }};

}  // namespace types

std::span<const Function> version_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
