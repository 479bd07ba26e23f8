// A statement that is prepared once and run many times. Poco prepares its statements again at each run, which costs
// more than the write itself where a pass has thousands of them. Belongs to the database's thread.
// Throws Poco's SQLite exceptions, like the statements of Poco beside it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3_stmt;
namespace Poco::Data {
class Session;
}

namespace tidemark::mirror::store {

class Prepared {
public:
    /// The session must outlive it.
    Prepared(const Poco::Data::Session& session, const char* sql);

    /// Runs a statement that answers no rows; the values go to its question marks in order.
    template <class... Values>
    void run(const Values&... values) {
        const Rewind rewind(*this);
        int place = 0;
        (bind(++place, values), ...);
        step();
    }

    /// Runs a query; `take(*this)` is called for the first row, if there is one, and reads its columns.
    template <class Take, class... Values>
    bool find(Take take, const Values&... values) {
        const Rewind rewind(*this);
        int place = 0;
        (bind(++place, values), ...);
        if (!step()) return false;
        take(*this);
        return true;
    }

    /// As find, for each row.
    template <class Take, class... Values>
    void each(Take take, const Values&... values) {
        const Rewind rewind(*this);
        int place = 0;
        (bind(++place, values), ...);
        while (step())
            take(*this);
    }

    /// Columns of the row, from 0.
    std::string text(int column) const;
    std::int64_t number(int column) const;

private:
    /// Lets go of the values and of the row, also when something throws.
    class Rewind {
    public:
        explicit Rewind(Prepared& statement) noexcept : m_statement(statement) {}
        ~Rewind();
        Rewind(const Rewind&) = delete;
        Rewind& operator=(const Rewind&) = delete;

    private:
        Prepared& m_statement;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    /// The bytes must stay until the statement is rewound.
    void bind(int place, std::string_view text);
    void bind(int place, std::int64_t number);
    bool step();
    void check(int code) const;

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

}  // namespace tidemark::mirror::store
