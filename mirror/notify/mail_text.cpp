#include "mirror/notify/mail_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "mirror/notify/text.h"
#include "policy/template/unicode.h"

namespace tidemark::mirror::notify {
namespace {

constexpr std::size_t k_subject_limit = 400;
/// Bytes of a word before base64: with "Subject: =?UTF-8?B?" and "?=" a line of at most 75.
constexpr std::size_t k_word_bytes = 36;
constexpr std::size_t k_body_line = 57;  // 76 in base64

/// Encoded words of RFC 2047, none of which cuts a character, a line each.
std::string encoded_words(std::string_view text) {
    std::string words;
    while (!text.empty()) {
        std::size_t size = 0;
        while (size < text.size()) {
            const std::size_t next = policy::message::first_rune(text.substr(size)).size;
            if (size + next > k_word_bytes) break;
            size += next;
        }
        words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", base64(text.substr(0, size)));
        text.remove_prefix(size);
    }
    return words;
}

std::string subject_of(const std::string& text) {
    std::string subject = clean_text(text, k_subject_limit);
    std::replace(subject.begin(), subject.end(), '\n', ' ');
    const bool plain = subject.size() <= 60 && subject.find("=?") == std::string::npos &&
                       std::all_of(subject.begin(), subject.end(), [](char c) { return c >= ' ' && c < 127; });
    return plain ? subject : encoded_words(subject);
}

/// "Sat, 21 Nov 2026 06:40:12 +0000", whatever the locale.
std::string date_of(std::chrono::sys_seconds time) {
    constexpr std::array<std::string_view, 7> k_days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", k_days[std::chrono::weekday(day).c_encoding()],
                       static_cast<unsigned>(date.day()), k_months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

}  // namespace

std::string compose_mail(const MailText& mail) {
    const std::string_view domain = std::string_view(mail.from).substr(mail.from.rfind('@') + 1);
    std::string text = fmt::format(
        "Date: {}\r\nFrom: Tidemark <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\n"
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n",
        date_of(mail.date), mail.from, fmt::join(mail.to, ",\r\n "), subject_of(mail.subject), mail.key, domain);
    std::string body;
    for (const char c : mail.body + '\n')
        body += c == '\n' ? std::string("\r\n") : std::string(1, c);
    for (std::size_t at = 0; at < body.size(); at += k_body_line)
        text += base64(std::string_view(body).substr(at, k_body_line)) + "\r\n";
    return text;
}

}  // namespace tidemark::mirror::notify
