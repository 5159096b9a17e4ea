#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/evil/victim.h"

using namespace cpab;

namespace {

void check_cannot_start(Victim& victim, const std::string& program, const std::string& text) {
  for (const char* stage : {metric_stage, evaluate_stage}) {
    INFO(stage << " logic: " << program);
    victim.play(stage, program);
    victim.check_refuses({stage, "spawn", text});
  }
}

/// An executable file of that content.
std::string program_of(Victim& victim, const std::string& content) {
  const std::string path = victim.setup.folder.write("program", content);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

/// The head of a program for another machine: System/390, 64 bits, big endian.
std::string foreign_program() {
  std::string head(64, '\0');
  head.replace(0, 7,
               "\x7f"
               "ELF\x02\x02\x01");
  head.replace(16, 4, std::string("\x00\x02\x00\x16", 4));
  return head;
}

}  // namespace

TEST_CASE("evil: logic that cannot be started says why", "[evil]") {
  Victim victim;
  check_cannot_start(victim, victim.setup.folder.file("nothing"), "no such file or directory");
  check_cannot_start(victim, Victim::kit("not-executable.sh"),
                     "permission denied (the file lacks the right to be executed: chmod +x)");
  check_cannot_start(victim, victim.setup.folder.file(""), "permission denied (it is a directory)");
  const std::string pipe = victim.setup.folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0700) == 0);
  check_cannot_start(victim, pipe,
                     "permission denied (it is no regular file, but a pipe, a socket or a device)");
  check_cannot_start(victim, "/dev/null", "permission denied (it is no regular file");
  check_cannot_start(victim, Victim::kit("bad-interpreter.sh"),
                     "no such file or directory (the file is there, but its interpreter "
                     "\"/no/such/interpreter\" is not)");
  check_cannot_start(victim, Victim::kit("windows-line-ends.sh"),
                     "no such file or directory (the file is there, but it has Windows line ends: "
                     "save it with Unix ones)");
  check_cannot_start(victim, Victim::kit("no-shebang.txt"),
                     "exec format error (neither a program for this machine nor a script that "
                     "begins with #!)");
  check_cannot_start(victim, program_of(victim, foreign_program()), "exec format error");
  check_cannot_start(victim, program_of(victim, ""), "exec format error");
}

TEST_CASE("evil: logic that deletes itself is missed the next time", "[evil]") {
  Victim victim;
  for (const char* stage : {metric_stage, evaluate_stage}) {
    INFO(stage << " logic");
    const std::string copy = victim.setup.folder.file("deletes-itself.sh");
    std::filesystem::copy_file(Victim::kit("deletes-itself.sh"), copy);
    victim.play(stage, copy, "");
    CHECK(victim.run().at("action") == "scaled");
    CHECK_FALSE(std::filesystem::exists(copy));
    victim.setup.cluster.scale_by_hand(victim.setup.shop, 4);

    victim.play(stage, copy);
    victim.check_refuses({stage, "spawn", "no such file or directory"});
  }
}
