#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "cpab/io/process_table.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

const std::vector<std::string> own_pid_namespace = {"unshare", "--pid", "--fork", "--mount-proc"};

std::vector<std::string> with_program(std::vector<std::string> argv, const std::string& program) {
  argv.push_back(program);
  return argv;
}

/// Without the right to make namespaces these tests say so and end.
bool can_be_pid_one() {
  try {
    if (run_program(with_program(own_pid_namespace, "true")).exit_code == 0) return true;
  } catch (const std::runtime_error&) {
  }
  WARN("skipped: unshare --pid is not permitted here");
  return false;
}

std::vector<ProcessEntry> children_of(pid_t parent) {
  std::vector<ProcessEntry> table = read_process_table();
  std::erase_if(table, [parent](const ProcessEntry& process) { return process.parent != parent; });
  return table;
}

/// The daemon as the first process of a container would be.
class PidOne {
 public:
  explicit PidOne(Setup& setup)
      : program_(with_program(own_pid_namespace, CPAB_BINARY),
                 {{"configPath", setup.write_config()}, {"KUBECONFIG", setup.write_kubeconfig()}}) {
  }

  Program& program() { return program_; }

  /// As the rest of the machine sees it; waits for it.
  pid_t pid() {
    soon([this] {
      const auto children = children_of(program_.pid());
      if (!children.empty()) pid_ = children[0].id.pid;
      return pid_ != 0;
    });
    return pid_;
  }

 private:
  Program program_;
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("PID 1: scales, and obeys SIGTERM", "[end_to_end][contract-66]") {
  if (!can_be_pid_one()) return;
  Setup setup;
  PidOne daemon(setup);

  CHECK(setup.reaches(3));
  ::kill(daemon.pid(), SIGTERM);

  CHECK(daemon.program().wait() == 0);
  CHECK(daemon.program().survivors().empty());
}

TEST_CASE("PID 1: SIGTERM ends user logic that does not want to end", "[end_to_end][contract-66]") {
  if (!can_be_pid_one()) return;
  Setup setup;
  setup.config["metric"] =
      setup.shell("trap '' TERM; setsid sleep 300 & " + setup.waiting("metric", "sleep 300"));
  PidOne daemon(setup);
  REQUIRE(setup.has_begun("metric"));

  ::kill(daemon.pid(), SIGTERM);

  CHECK(daemon.program().wait() == 0);
  CHECK(daemon.program().survivors().empty());
}

TEST_CASE("PID 1: orphans live on, and are reaped when they end", "[end_to_end]") {
  if (!can_be_pid_one()) return;
  Setup setup;
  const std::string orphans = setup.folder.file("orphans");
  setup.config["metric"] =
      setup.shell("(setsid sh -c 'echo x >> " + orphans + "; while [ ! -e " + orphans +
                  ".go ]; do sleep 0.02; done' >/dev/null 2>&1 &); echo 7");
  PidOne daemon(setup);
  const pid_t pid = daemon.pid();

  CHECK(soon([&] { return children_of(pid).size() >= 4; }));  // adopted
  setup.folder.write("orphans.go", "");

  // Each cycle leaves one more that ends at once: were they not reaped, they would pile up.
  CHECK(soon([&] {
    const auto children = children_of(pid);
    return std::none_of(children.begin(), children.end(),
                        [](const ProcessEntry& child) { return child.ended; }) &&
           children.size() <= 2;
  }));
  ::kill(pid, SIGTERM);
  CHECK(daemon.program().wait() == 0);
}
