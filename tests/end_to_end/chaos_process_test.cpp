#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "cpab/io/file.h"
#include "cpab/io/unique_fd.h"
#include "tests/end_to_end/chaos.h"

// The daemon is short of what a process needs.

using namespace cpab;

namespace {

std::size_t count_lines(const std::string& file) {
  if (!std::filesystem::exists(file)) return 0;
  const std::string text = read_file(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Reads what is in a pipe until `text` has come by.
bool tells(const UniqueFd& pipe, const std::string& text) {
  std::string read;
  return soon([&] {
    char piece[4096];
    const ssize_t size = ::read(pipe.value(), piece, sizeof piece);
    if (size > 0) read.append(piece, static_cast<std::size_t>(size));
    return read.find(text) != std::string::npos;
  });
}

rlim_t open_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<rlim_t>(std::distance(begin(entries), end(entries)));
}

/// Whether a cycle has failed for want of them. The log tells: nobody can connect to the API.
bool is_out_of_descriptors(const Daemon& daemon) {
  const auto lines = daemon.log_lines();
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("Error while autoscaling: ") != std::string::npos &&
           line.find("too many open files") != std::string::npos;
  });
}

std::size_t count_errors(const Daemon& daemon) {
  const auto lines = daemon.log_lines();
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const auto& line) {
    return line.find("Error while autoscaling: ") != std::string::npos;
  }));
}

bool has_record_of(Daemon& daemon, const std::string& words) {
  const auto records = decisions(daemon);
  return std::any_of(records.begin(), records.end(), [&](const auto& record) {
    return record.at("message").template get<std::string>().find(words) != std::string::npos;
  });
}

/// Only the soft limit: that is raised again without privileges.
void limit_descriptors(pid_t pid, rlim_t count) {
  rlimit limit{};
  REQUIRE(::prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) == 0);
  limit.rlim_cur = std::min(count, limit.rlim_max);
  REQUIRE(::prlimit(pid, RLIMIT_NOFILE, &limit, nullptr) == 0);
}

}  // namespace

TEST_CASE("chaos: nobody reads what it prints", "[end_to_end][chaos]") {
  Chaos chaos;
  const std::string pipe_path = chaos.folder.file("pipe");
  REQUIRE(::mkfifo(pipe_path.c_str(), 0600) == 0);
  const UniqueFd pipe(::open(pipe_path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  REQUIRE(::fcntl(pipe.value(), F_SETPIPE_SZ, 4096) > 0);
  chaos.config["logVerbosity"] = "4";
  chaos.config["decisionLog"] = chaos.folder.file("decisions");
  chaos.variables["configPath"] = chaos.write_config();
  chaos.variables["KUBECONFIG"] = chaos.write_kubeconfig();
  Program daemon({"sh", "-c", "exec " CPAB_BINARY " > " + pipe_path + " 2>&1"}, chaos.variables);

  REQUIRE(chaos.reaches(3));
  const std::size_t before = count_lines(chaos.folder.file("decisions"));
  REQUIRE(soon([&] { return count_lines(chaos.folder.file("decisions")) >= before + 20; }));
  chaos.wants(5);
  CHECK(chaos.reaches(5));

  CHECK(tells(pipe, "log records were dropped: nobody read standard error"));
  daemon.signal(SIGTERM);
  CHECK(daemon.wait() == 0);
  CHECK(chaos.changes() == 2);
}

TEST_CASE("chaos: nobody reads the pipe that is the decision log", "[end_to_end][chaos]") {
  Chaos chaos;
  const std::string pipe_path = chaos.folder.file("pipe");
  REQUIRE(::mkfifo(pipe_path.c_str(), 0600) == 0);
  chaos.config["decisionLog"] = pipe_path;
  Daemon daemon = chaos.start();
  REQUIRE(chaos.reaches(3));
  CHECK(daemon.logs("Decisions are not written to the decision log: open " + pipe_path +
                    ": a pipe that nobody reads"));

  const UniqueFd pipe(::open(pipe_path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  REQUIRE(::fcntl(pipe.value(), F_SETPIPE_SZ, 4096) > 0);
  REQUIRE(has_decided(daemon, 30));
  CHECK(daemon.get("/healthz").status == 200);
  chaos.wants(5);
  CHECK(chaos.reaches(5));
  CHECK(daemon.get("/metrics").body.find("\ncpab_decision_log_dropped_total{") !=
        std::string::npos);

  CHECK(tells(pipe, "\"id\":"));
  CHECK(daemon.logs(" can be written again; decisions missing in it: "));
  CHECK(daemon.stop() == 0);
}

TEST_CASE("chaos: no descriptors left", "[end_to_end][chaos]") {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const pid_t pid = daemon.program().pid();
  const rlim_t descriptors = open_descriptors(pid);

  limit_descriptors(pid, 8);  // those below are in use; fewer than poll() is given would break that
  const bool happened = soon([&] { return is_out_of_descriptors(daemon); });
  INFO(daemon.log());
  REQUIRE(happened);
  chaos.wants(5);
  const std::size_t failures = count_errors(daemon);
  REQUIRE(soon([&] { return count_errors(daemon) >= failures + 2; }));
  CHECK(chaos.replicas() == 3);
  CHECK_FALSE(daemon.program().ended());
  limit_descriptors(pid, 1024);

  CHECK(chaos.reaches(5));
  REQUIRE(soon([&] { return scalings(daemon).size() == 2; }));
  CHECK(chaos.changes() == 2);
  CHECK(has_record_of(daemon, "too many open files"));
  CHECK(soon([&] { return open_descriptors(pid) <= descriptors; }));  // between two cycles
}
