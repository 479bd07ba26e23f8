// The service itself in a thread of the test, beside a real registry and a repository that is a folder.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "mirror/base/service_manager.h"
#include "mirror/service/serve.h"
#include "tests/support/temporary_folder.h"

namespace tidemark::mirror::service::testing {

/// What the service said, waited for by any thread.
class Words {
public:
    void add(std::string line) {
        const std::lock_guard lock(m_mutex);
        m_lines.push_back(std::move(line));
        m_changed.notify_all();
    }
    /// Whether a line holds this text, now or within a minute.
    bool hear(const std::string& text) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::minutes(1), [&] { return count(text) > 0; });
    }
    /// Until something more is said, or a tenth of a second is over.
    void hear_more() {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::milliseconds(100));
    }
    std::size_t heard(const std::string& text) {
        const std::lock_guard lock(m_mutex);
        return count(text);
    }
    std::string all() {
        const std::lock_guard lock(m_mutex);
        std::string text;
        for (const std::string& line : m_lines)
            text += line + "\n";
        return text;
    }

private:
    std::size_t count(const std::string& text) const {
        std::size_t found = 0;
        for (const std::string& line : m_lines)
            found += line.find(text) != std::string::npos ? 1 : 0;
        return found;
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_lines;
};

class RunningService {
public:
    explicit RunningService(Configuration configuration) : m_configuration(std::move(configuration)) {
        m_output.report = [this](const ReportLine& line) {
            std::string text = fmt::format("{} {}: {}", to_string(line.step), line.subject, line.text);
            for (const std::string& detail : line.details)
                text += "; " + detail;
            words.add(std::move(text));
        };
        m_output.say = [this](Outcome, const std::string& text) { words.add(text); };
        m_output.objects = [this](const Workspace&) { words.add("objects taken"); };
        m_output.configured = [](const Configuration&) {};
        m_thread = std::jthread([this] {
            ServiceManager manager([](const char*) { return std::string(); });
            try {
                serve([this] { return m_configuration; }, orders, live, manager, m_output);
                words.add("ended");
            } catch (const std::exception& error) {
                words.add(std::string("ended by ") + error.what());
            }
        });
    }
    ~RunningService() { orders.stop(); }
    RunningService(const RunningService&) = delete;
    RunningService& operator=(const RunningService&) = delete;

    TicketState ask(Verb verb, policy::ObjectKind kind, const std::string& name) {
        Command command;
        command.verb = verb;
        command.kind = kind;
        command.object = {"flux-system", name};
        command.who = "dana";
        return orders.submit(command)->wait_for_end(std::chrono::minutes(1));
    }

    Words words;
    Orders orders;
    Live live;

private:
    Configuration m_configuration;
    ServeOutput m_output;
    std::jthread m_thread;  // last: it uses everything above
};

inline std::string object(const std::string& version, const std::string& kind, const std::string& name,
                          const std::string& spec) {
    return fmt::format("---\napiVersion: {}\nkind: {}\nmetadata: {{name: {}, namespace: flux-system}}\nspec: {}\n",
                       version, kind, name, spec);
}

inline std::string image_repository(const std::string& name, const std::string& image,
                                    const std::string& interval = "1h", const std::string& more = "") {
    return object("image.toolkit.fluxcd.io/v1", "ImageRepository", name,
                  fmt::format("{{image: {}, interval: {}, insecure: true{}}}", image, interval, more));
}

inline std::string image_policy(const std::string& name, const std::string& repository, const std::string& more = "") {
    return object("image.toolkit.fluxcd.io/v1", "ImagePolicy", name,
                  fmt::format("{{imageRepositoryRef: {{name: {}}}, policy: {{semver: {{range: '>=1.0.0'}}}}{}}}",
                              repository, more));
}

inline std::string git_repository(const std::string& name, const std::string& url, const std::string& interval = "1h") {
    return object("source.toolkit.fluxcd.io/v1", "GitRepository", name,
                  fmt::format("{{url: '{}', interval: {}, ref: {{branch: main}}}}", url, interval));
}

/// One that has none of the policies, if `selector` is a label that none of them has.
inline std::string automation(const std::string& name, const std::string& source, const std::string& interval = "1h",
                              const std::string& selector = "", const std::string& push_branch = "main") {
    return object(
        "image.toolkit.fluxcd.io/v1", "ImageUpdateAutomation", name,
        fmt::format("{{interval: {}, sourceRef: {{kind: GitRepository, name: {}}}, git: {{checkout: {{ref: "
                    "{{branch: main}}}}, commit: {{author: {{name: bot, email: bot@acme.test}}}}, push: "
                    "{{branch: {}}}}}, update: {{path: ./, strategy: Setters}}{}}}",
                    interval, source, push_branch,
                    selector.empty() ? "" : fmt::format(", policySelector: {{matchLabels: {{{}}}}}", selector)));
}

inline std::string marked(const std::string& image, const std::string& tag, const std::string& policy) {
    return fmt::format("image: {}:{} # {{\"$imagepolicy\": \"flux-system:{}\"}}\n", image, tag, policy);
}

}  // namespace tidemark::mirror::service::testing
