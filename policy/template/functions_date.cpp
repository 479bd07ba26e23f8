// toDate, unixEpoch, duration, durationRound and the methods of a time. Nothing here asks a clock.
#include <array>
#include <chrono>

#include "policy/base/duration.h"
#include "policy/template/dates.h"
#include "policy/template/functions.h"
#include "policy/template/number.h"

namespace tidemark::policy::message {
namespace {

constexpr std::string_view k_print_layout = "2006-01-02 15:04:05.999999999 -0700 MST";
constexpr std::string_view k_json_layout = "2006-01-02T15:04:05.999999999Z07:00";

const Type k_month{.kind = Kind::integer, .name = "time.Month", .go_kind = "int", .to_text = [](const Value& value) {
                       return std::string(month_name(static_cast<unsigned>(value.as_integer())));
                   }};
const Type k_weekday{
    .kind = Kind::integer, .name = "time.Weekday", .go_kind = "int", .to_text = [](const Value& value) {
        return std::string(weekday_name(static_cast<unsigned>(value.as_integer())));
    }};

const Moment& receiver(const Call& call) {
    return call.value(0).as_native<Moment>();
}

Value number(std::int64_t value) {
    return Value::integer(value, types::integer);
}
Value moment_value(Call& call, Moment moment) {
    return call.context.native(std::move(moment), types::time);
}

Result<Value> year(Call& call) {
    return number(calendar_time(receiver(call)).year);
}
Result<Value> month(Call& call) {
    return Value::integer(calendar_time(receiver(call)).month, k_month);
}
Result<Value> day(Call& call) {
    return number(calendar_time(receiver(call)).day);
}
Result<Value> hour(Call& call) {
    return number(calendar_time(receiver(call)).hour);
}
Result<Value> minute(Call& call) {
    return number(calendar_time(receiver(call)).minute);
}
Result<Value> second(Call& call) {
    return number(calendar_time(receiver(call)).second);
}
Result<Value> nanosecond(Call& call) {
    return number(receiver(call).nanoseconds);
}
Result<Value> year_day(Call& call) {
    return number(calendar_time(receiver(call)).year_day);
}
Result<Value> weekday(Call& call) {
    return Value::integer(calendar_time(receiver(call)).weekday, k_weekday);
}
Result<Value> unix_seconds(Call& call) {
    return Value::integer(receiver(call).seconds, types::int64);
}
Result<Value> is_zero(Call& call) {
    return Value::boolean(receiver(call).seconds == Moment().seconds && receiver(call).nanoseconds == 0);
}

Result<Value> utc(Call& call) {
    Moment moment = receiver(call);
    moment.offset = 0;
    moment.zone = "UTC";
    return moment_value(call, std::move(moment));
}

Result<Value> format(Call& call) {
    return call.context.text(format_moment(receiver(call), call.text(1)));
}
Result<Value> string(Call& call) {
    return call.context.text(format_moment(receiver(call), k_print_layout));
}

/// AddDate YEARS MONTHS DAYS; what does not exist carries over, as 31 April does to 1 May.
Result<Value> add_date(Call& call) {
    constexpr std::int64_t k_most = 1'000'000;
    for (std::size_t index = 1; index <= 3; ++index) {
        if (call.integer(index) > k_most || call.integer(index) < -k_most) return problem("the date lies too far away");
    }
    Moment moment = receiver(call);
    const CalendarTime time = calendar_time(moment);
    if (time.year > k_most || time.year < -k_most) return problem("the date lies too far away");
    moment.seconds = seconds_of(time.year + call.integer(1), time.month + call.integer(2), time.day + call.integer(3),
                                time.hour, time.minute, time.second) -
                     moment.offset;
    return moment_value(call, std::move(moment));
}

int order(const Call& call) {
    const Moment& left = receiver(call);
    const Moment& right = call.value(1).as_native<Moment>();
    if (left.seconds != right.seconds) return left.seconds < right.seconds ? -1 : 1;
    return left.nanoseconds < right.nanoseconds ? -1 : left.nanoseconds > right.nanoseconds ? 1 : 0;
}

Result<Value> before(Call& call) {
    return Value::boolean(order(call) < 0);
}
Result<Value> after(Call& call) {
    return Value::boolean(order(call) > 0);
}
Result<Value> equal(Call& call) {
    return Value::boolean(order(call) == 0);
}
Result<Value> compare_moments(Call& call) {
    return number(order(call));
}

constexpr Function k_methods[] = {
    {"Year", "", year},
    {"Month", "", month},
    {"Day", "", day},
    {"Hour", "", hour},
    {"Minute", "", minute},
    {"Second", "", second},
    {"Nanosecond", "", nanosecond},
    {"YearDay", "", year_day},
    {"Weekday", "", weekday},
    {"Unix", "", unix_seconds},
    {"IsZero", "", is_zero},
    {"UTC", "", utc},
    {"Format", "s", format},
    {"String", "", string},
    {"AddDate", "iii", add_date},
    {"Before", "t", before},
    {"After", "t", after},
    {"Equal", "t", equal},
    {"Compare", "t", compare_moments},
};

/// Go's zero time where the text does not follow the layout.
Result<Value> to_date(Call& call) {
    return moment_value(call, parse_moment(call.text(0), call.text(1)).value_or(Moment()));
}

Result<Value> must_to_date(Call& call) {
    std::optional<Moment> moment = parse_moment(call.text(0), call.text(1));
    if (!moment) return problem("the date does not follow the layout");
    return moment_value(call, std::move(*moment));
}

Result<Value> must_date_modify(Call& call) {
    const Result<std::chrono::nanoseconds> change = parse_duration(call.text(0));
    if (!change) return change.problem();
    constexpr std::int64_t k_second = 1'000'000'000;
    Moment moment = call.value(1).as_native<Moment>();
    std::int64_t nanoseconds = moment.nanoseconds + change->count() % k_second;
    moment.seconds += change->count() / k_second + (nanoseconds < 0 ? -1 : nanoseconds / k_second);
    moment.nanoseconds = static_cast<std::int32_t>((nanoseconds + k_second) % k_second);
    return moment_value(call, std::move(moment));
}

Result<Value> unix_epoch(Call& call) {
    return call.context.text(std::to_string(receiver(call).seconds));
}

/// Seconds as a text or an int64; sprig takes any other type for 0.
Result<Value> duration(Call& call) {
    const Value& value = call.value(0);
    std::int64_t seconds = 0;
    if (value.kind() == Kind::text) seconds = parse_integer(value.as_text(), 10).value_or(0);
    if (value.is(types::int64)) seconds = value.as_integer();
    const auto nanoseconds = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) * 1'000'000'000U);
    return call.context.text(format_duration(std::chrono::nanoseconds(nanoseconds)));
}

/// The largest unit that is exceeded, rounded down: 3mo, 1d, 6m.
Result<Value> duration_round(Call& call) {
    const Value& value = call.value(0);
    std::int64_t nanoseconds = 0;
    if (value.kind() == Kind::text) {
        if (const Result<std::chrono::nanoseconds> parsed = parse_duration(value.as_text()); parsed.ok())
            nanoseconds = parsed->count();
    }
    if (value.is(types::int64)) nanoseconds = value.as_integer();
    if (value.is(types::time)) return problem("the time since a date needs a clock, which a message has not");
    struct Unit {
        std::uint64_t nanoseconds;
        std::string_view name;
    };
    constexpr std::uint64_t k_second = 1'000'000'000;
    constexpr std::uint64_t k_day = 86'400 * k_second;
    constexpr std::array k_units{Unit{365 * k_day, "y"},     Unit{30 * k_day, "mo"},   Unit{k_day, "d"},
                                 Unit{3600 * k_second, "h"}, Unit{60 * k_second, "m"}, Unit{k_second, "s"}};
    const auto bits = static_cast<std::uint64_t>(nanoseconds);
    const std::uint64_t size = nanoseconds < 0 ? 0 - bits : bits;
    for (const Unit& unit : k_units) {
        if (size > unit.nanoseconds)
            return call.context.text(std::to_string(size / unit.nanoseconds) + std::string(unit.name));
    }
    return Context::view("0s");
}

constexpr Function k_functions[] = {
    {"toDate", "ss", to_date},
    {"mustToDate", "ss", must_to_date},
    {"mustDateModify", "st", must_date_modify},
    {"must_date_modify", "st", must_date_modify},
    {"unixEpoch", "t", unix_epoch},
    {"duration", "a", duration},
    {"durationRound", "a", duration_round},
};

}  // namespace

namespace types {

const Type time{.kind = Kind::native,
                .name = "time.Time",
                .go_kind = "struct",
                .methods = k_methods,
                .to_text = [](const Value& value) { return format_moment(value.as_native<Moment>(), k_print_layout); },
                .to_json = [](const Value& value) { return format_moment(value.as_native<Moment>(), k_json_layout); }};

}  // namespace types

std::span<const Function> date_functions() noexcept {
    return k_functions;
}

}  // namespace tidemark::policy::message
