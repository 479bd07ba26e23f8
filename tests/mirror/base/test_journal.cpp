#include <array>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mirror/base/journal.h"
#include "tests/mirror/base/temporary_folder.h"

using namespace tidemark::mirror;

namespace {

/// Takes datagrams as the journal does.
class Listener {
public:
    explicit Listener(const std::filesystem::path& path) : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string text = path.string();
        BOOST_REQUIRE(text.size() < sizeof(address.sun_path));
        std::copy(text.begin(), text.end(), address.sun_path);
        BOOST_REQUIRE_EQUAL(::bind(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    }
    ~Listener() { ::close(m_socket); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::string next() const {
        std::array<char, 4096> bytes{};
        const ssize_t size = ::recv(m_socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
    }

private:
    int m_socket;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mirror_base_journal)

BOOST_AUTO_TEST_CASE(fields_go_out_as_one_datagram_and_empty_ones_are_left_out) {
    const test::TemporaryFolder folder;
    const Listener listener(folder.path() / "socket");
    const Journal journal(folder.path() / "socket");
    const std::array<Journal::Field, 3> fields = {{{"MESSAGE", "✗ no"}, {"PRIORITY", "3"}, {"TIDEMARK_OBJECT", ""}}};
    BOOST_TEST(journal.send(fields));
    BOOST_TEST(listener.next() == "MESSAGE=✗ no\nPRIORITY=3\n");
}

BOOST_AUTO_TEST_CASE(value_of_several_lines_goes_out_with_its_size) {
    const test::TemporaryFolder folder;
    const Listener listener(folder.path() / "socket");
    const Journal journal(folder.path() / "socket");
    const std::array<Journal::Field, 1> fields = {{{"MESSAGE", "one\ntwo"}}};
    BOOST_TEST(journal.send(fields));
    BOOST_TEST(listener.next() == std::string("MESSAGE\n\7\0\0\0\0\0\0\0one\ntwo\n", 24));
}

BOOST_AUTO_TEST_CASE(without_a_journal_nothing_is_sent) {
    const test::TemporaryFolder folder;
    const Journal journal(folder.path() / "nobody");
    const std::array<Journal::Field, 1> fields = {{{"MESSAGE", "hello"}}};
    BOOST_TEST(!journal.send(fields));
}

BOOST_AUTO_TEST_CASE(message_too_large_for_a_datagram_is_not_sent) {
    const test::TemporaryFolder folder;
    const Listener listener(folder.path() / "socket");
    const Journal journal(folder.path() / "socket");
    const std::string large(std::size_t{8} << 20, 'x');
    const std::array<Journal::Field, 1> fields = {{{"MESSAGE", large}}};
    BOOST_TEST(!journal.send(fields));
}

BOOST_AUTO_TEST_CASE(descriptor_is_the_journal_if_the_variable_names_it) {
    struct stat status {};
    BOOST_REQUIRE_EQUAL(::fstat(0, &status), 0);
    const std::string name = fmt::format("{}:{}", status.st_dev, status.st_ino);
    BOOST_TEST(is_journal(name, 0));
    BOOST_TEST(!is_journal(name + "1", 0));
    BOOST_TEST(!is_journal("", 0));
    BOOST_TEST(!is_journal(name, -1));
}

BOOST_AUTO_TEST_SUITE_END()
