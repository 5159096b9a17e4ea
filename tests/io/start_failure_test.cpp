#include "cpab/io/start_failure.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>

#include "tests/fakes/temporary_directory.h"

using namespace cpab;

TEST_CASE("start_failure_hint: says what the system's word hides", "[io]") {
  const TemporaryDirectory folder;
  const auto missing_interpreter = [&](const std::string& script) {
    return start_failure_hint(folder.write("script", script), ENOENT);
  };
  const std::string plain = folder.write("plain", "text\n");

  CHECK(start_failure_hint(folder.file("nothing"), ENOENT).empty());
  CHECK(start_failure_hint(folder.file(""), EACCES) == " (it is a directory)");
  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0700) == 0);
  CHECK(start_failure_hint(pipe, EACCES) ==
        " (it is no regular file, but a pipe, a socket or a device)");
  CHECK(start_failure_hint(plain, EACCES) ==
        " (the file lacks the right to be executed: chmod +x)");
  CHECK(start_failure_hint(plain, ENOEXEC) ==
        " (neither a program for this machine nor a script that begins with #!)");
  CHECK(missing_interpreter("#! /no/such/python -u\nrest") ==
        " (the file is there, but its interpreter \"/no/such/python\" is not)");
  CHECK(missing_interpreter("#!/bin/sh\r\nrest\r\n") ==
        " (the file is there, but it has Windows line ends: save it with Unix ones)");
  CHECK(missing_interpreter("\x7f"
                            "ELF") ==
        " (the file is there, but the loader it was linked for is not)");
  CHECK(start_failure_hint(plain, EAGAIN).empty());
}
