#include "mirror/manifests/set_folder.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "mirror/base/error.h"
#include "mirror/manifests/folder_list.h"
#include "mirror/manifests/rewrite_file.h"

namespace tidemark::mirror::manifests {
namespace {

constexpr std::size_t k_max_file = std::size_t{16} << 20;
constexpr std::size_t k_batch = 64;                // files a worker takes at a time
constexpr std::size_t k_files_for_a_thread = 500;  // fewer are not worth starting one

enum class FileState { read, problem, passed_over };

/// What became of one file that passed the screen, or could not be read.
struct Outcome {
    std::size_t file = 0;
    FileState state = FileState::read;
    bool written = false;
    std::vector<policy::Change> changes;
    policy::Findings findings;
    std::vector<std::string_view> setters;
};

/// A link's target that has to change: written after the walk, since its own name may be walked too.
struct PendingWrite {
    std::size_t file = 0;
    std::string target;
    std::string old_content;
    std::string new_content;
};

policy::Finding error_in(std::string file, std::size_t line, std::string message) {
    policy::Finding finding;
    finding.place = {std::move(file), line, 0};
    finding.message = std::move(message);
    return finding;
}

class Folder {
public:
    Folder() = default;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { close(); }

    /// The descriptor of a folder of the list, kept while its files are worked on; -1 if it cannot be opened.
    int open(const FolderList& list, std::uint32_t index) {
        if (m_descriptor >= 0 && m_index == index) return m_descriptor;
        close();
        const std::string& folder = list.folders[index];
        const std::string path = folder.empty() ? list.start : list.start + "/" + folder;
        m_descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        m_index = index;
        return m_descriptor;
    }

private:
    void close() noexcept {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    int m_descriptor = -1;
    std::uint32_t m_index = 0;
};

/// One thread's share of the files.
class Worker {
public:
    Worker(const FolderList& list, const policy::SetterValues& values, bool dry_run)
        : m_list(list), m_values(values), m_dry_run(dry_run), m_reader(k_max_file) {}

    void set_file(std::size_t index) {
        const ListedFile& file = m_list.files[index];
        const int folder = m_folder.open(m_list, file.folder);
        if (folder < 0 || !m_reader.read(folder, file.name.c_str(), false)) {
            report_unreadable(index, m_list.path_of(file));
            return;
        }
        auto rewrite = screen_and_rewrite(index);
        if (!rewrite) return;
        Outcome& outcome = m_outcomes.back();
        if (!m_dry_run) {
            if (const int error_number = replace_file(folder, file.name.c_str(), rewrite->bytes)) {
                report_unwritable(outcome, m_list.path_of(file), error_number);
                return;
            }
        }
        outcome.written = true;
    }

    /// A link to a file below the root, outside .git; every other link is passed over.
    void set_link(std::size_t index) {
        const ListedFile& file = m_list.files[index];
        struct Free {
            void operator()(char* text) const noexcept { std::free(text); }
        };
        const std::unique_ptr<char, Free> target(::realpath(m_list.full_path_of(file).c_str(), nullptr));
        if (!target) return;
        const std::string path = target.get();
        const std::string root = m_list.root == "/" ? m_list.root : m_list.root + "/";
        const bool inside = path.compare(0, root.size(), root) == 0;
        if (!inside || path.find("/.git/", root.size() - 1) != std::string::npos) {
            policy::Finding finding =
                error_in(m_list.path_of(file), 0, "the link leads out of the folder, so it was not followed");
            finding.severity = policy::Severity::warning;
            m_outcomes.push_back({index, FileState::passed_over, false, {}, {std::move(finding)}, {}});
            return;
        }
        if (!m_reader.read(AT_FDCWD, path.c_str(), false)) return;  // a folder, or gone
        std::string old_content;
        if (policy::may_hold_markers(m_reader.content())) old_content = m_reader.content();
        if (auto rewrite = screen_and_rewrite(index))
            m_pending.push_back({index, path, std::move(old_content), std::move(rewrite->bytes)});
    }

    std::vector<Outcome>& outcomes() noexcept { return m_outcomes; }
    std::vector<PendingWrite>& pending() noexcept { return m_pending; }

private:
    /// The rewrite if the file has to change; anything worth telling becomes an outcome.
    std::optional<policy::Rewrite> screen_and_rewrite(std::size_t index) {
        if (!policy::may_hold_markers(m_reader.content())) return std::nullopt;
        const std::string path = m_list.path_of(m_list.files[index]);
        policy::Result<policy::Rewrite> rewrite = policy::rewrite_markers(m_reader.content(), path, m_values);
        Outcome& outcome = m_outcomes.emplace_back();
        outcome.file = index;
        if (!rewrite) {
            outcome.state = FileState::problem;
            const std::string_view content = m_reader.content();
            const std::size_t position = std::min(rewrite.problem().position.value_or(0), content.size());
            const auto end = content.begin() + static_cast<std::ptrdiff_t>(position);
            const auto line = static_cast<std::size_t>(std::count(content.begin(), end, '\n')) + 1;
            outcome.findings.push_back(error_in(path, rewrite.problem().position ? line : 0,
                                                fmt::format("left alone: {}", rewrite.message())));
            return std::nullopt;
        }
        outcome.findings = std::move(rewrite->findings);
        outcome.changes = std::move(rewrite->changes);
        outcome.setters = std::move(rewrite->setters);
        if (outcome.changes.empty()) return std::nullopt;
        return std::move(rewrite).value();
    }

    void report_unreadable(std::size_t index, std::string path) {
        const int error_number = m_reader.error_number();
        Outcome& outcome = m_outcomes.emplace_back();
        outcome.file = index;
        outcome.state = FileState::problem;
        outcome.findings.push_back(error_in(std::move(path), 0,
                                            error_number == EFBIG
                                                ? fmt::format("not read: larger than {} MiB", k_max_file >> 20)
                                                : fmt::format("could not be read: {}", describe_errno(error_number))));
    }

public:
    static void report_unwritable(Outcome& outcome, std::string path, int error_number) {
        outcome.state = FileState::problem;
        outcome.changes.clear();
        outcome.findings.push_back(
            error_in(std::move(path), 0, fmt::format("could not be written: {}", describe_errno(error_number))));
    }

private:
    const FolderList& m_list;
    const policy::SetterValues& m_values;
    bool m_dry_run;
    FileReader m_reader;
    Folder m_folder;
    std::vector<Outcome> m_outcomes;
    std::vector<PendingWrite> m_pending;
};

class Job {
public:
    Job(FolderList list, const policy::SetterValues& values, const SetOptions& options)
        : m_list(std::move(list)), m_values(values), m_options(options) {}

    SetReport run() {
        SetReport report;
        for (const std::string& folder : m_list.unreadable)
            report.findings.push_back(error_in("", 0, "folder not read: " + folder));
        report.files_seen = m_list.files.size();
        Worker links(m_list, m_values, m_options.dry_run);
        for (std::size_t i = 0; i < m_list.files.size(); ++i) {
            if (m_list.files[i].link) links.set_link(i);
        }
        std::vector<Outcome> outcomes = run_workers();
        write_pending(links);
        std::move(links.outcomes().begin(), links.outcomes().end(), std::back_inserter(outcomes));
        std::sort(outcomes.begin(), outcomes.end(), [](const Outcome& a, const Outcome& b) { return a.file < b.file; });
        for (Outcome& outcome : outcomes)
            add(report, outcome);
        return report;
    }

private:
    std::size_t thread_count() const {
        if (m_options.threads > 0) return m_options.threads;
        const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
        return std::clamp<std::size_t>(m_list.files.size() / k_files_for_a_thread, 1,
                                       std::min<std::size_t>(processors, 4));
    }

    std::vector<Outcome> run_workers() {
        std::vector<std::unique_ptr<Worker>> workers;
        for (std::size_t i = 0; i < thread_count(); ++i)
            workers.push_back(std::make_unique<Worker>(m_list, m_values, m_options.dry_run));
        std::vector<std::exception_ptr> failures(workers.size());
        const auto work = [this, &workers, &failures](std::size_t number) {
            try {
                take_batches(*workers[number]);
            } catch (...) {
                failures[number] = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 1; i < workers.size(); ++i)
                threads.emplace_back(work, i);
            work(0);
        }
        std::vector<Outcome> outcomes;
        for (std::size_t i = 0; i < workers.size(); ++i) {
            if (failures[i]) std::rethrow_exception(failures[i]);
            std::move(workers[i]->outcomes().begin(), workers[i]->outcomes().end(), std::back_inserter(outcomes));
        }
        return outcomes;
    }

    void take_batches(Worker& worker) {
        for (;;) {
            const std::size_t begin = m_next.fetch_add(k_batch, std::memory_order_relaxed);
            if (begin >= m_list.files.size()) return;
            const std::size_t end = std::min(begin + k_batch, m_list.files.size());
            for (std::size_t i = begin; i < end; ++i) {
                if (!m_list.files[i].link) worker.set_file(i);
            }
        }
    }

    /// A target that was walked under its own name has its new content already.
    void write_pending(Worker& links) {
        FileReader reader(k_max_file);
        for (const PendingWrite& pending : links.pending()) {
            const auto outcome = std::find_if(links.outcomes().begin(), links.outcomes().end(),
                                              [&](const Outcome& one) { return one.file == pending.file; });
            int error_number = 0;
            const bool read = reader.read(AT_FDCWD, pending.target.c_str(), false);
            if (!read) {
                error_number = reader.error_number();
            } else if (reader.content() == pending.new_content) {
                continue;
            } else if (reader.content() != pending.old_content) {
                error_number = EBUSY;
            } else if (!m_options.dry_run) {
                error_number = replace_target(pending);
            }
            if (error_number != 0) {
                Worker::report_unwritable(*outcome, m_list.path_of(m_list.files[pending.file]), error_number);
            } else {
                outcome->written = true;
            }
        }
    }

    static int replace_target(const PendingWrite& pending) {
        const std::size_t slash = pending.target.rfind('/');
        const Descriptor folder(
            ::open(pending.target.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder.number < 0) return errno;
        return replace_file(folder.number, pending.target.c_str() + slash + 1, pending.new_content);
    }

    void add(SetReport& report, Outcome& outcome) {
        const std::string path = m_list.path_of(m_list.files[outcome.file]);
        switch (outcome.state) {
            case FileState::read:
                report.files_read.push_back(path);
                break;
            case FileState::problem:
                report.problem_files.push_back(path);
                break;
            case FileState::passed_over:
                break;
        }
        report.files_written += outcome.written ? 1 : 0;
        for (const std::string_view setter : outcome.setters)
            if (report.setters.find(setter) == report.setters.end()) report.setters.emplace(setter);
        std::move(outcome.changes.begin(), outcome.changes.end(), std::back_inserter(report.changes));
        std::move(outcome.findings.begin(), outcome.findings.end(), std::back_inserter(report.findings));
    }

    FolderList m_list;
    const policy::SetterValues& m_values;
    SetOptions m_options;
    std::atomic<std::size_t> m_next{0};
};

}  // namespace

SetReport set_folder(const std::filesystem::path& folder, const std::string& update_path,
                     const policy::SetterValues& values, const SetOptions& options) {
    return Job(list_folder(folder.string(), update_path), values, options).run();
}

}  // namespace tidemark::mirror::manifests
