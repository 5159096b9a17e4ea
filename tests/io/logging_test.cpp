#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <regex>
#include <thread>

#include "cpab/io/logging.h"
#include "tests/fakes/captured_log.h"

using namespace cpab;

namespace {

// Standard error replaced by a pipe while this lives.
class StandardErrorPipe {
 public:
  StandardErrorPipe() : saved_(::dup(STDERR_FILENO)) {
    REQUIRE(::pipe(ends_.data()) == 0);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~StandardErrorPipe() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    ::close(ends_[0]);
  }

  std::string read_all() const {
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string text;
    std::array<char, 4096> piece{};
    for (ssize_t n = 0; (n = ::read(ends_[0], piece.data(), piece.size())) > 0;) {
      text.append(piece.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  int saved_;
  std::array<int, 2> ends_{};
};

}  // namespace

TEST_CASE("logging: a text record has time, level and message", "[io]") {
  const CapturedLog log;

  log_info("Starting autoscaler");

  REQUIRE(log.records().size() == 1);
  const std::regex expected(
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  Starting autoscaler\n)");
  CHECK(std::regex_match(log.records()[0], expected));
}

TEST_CASE("logging: levels and verbosities that print follow logVerbosity", "[io]") {
  const auto printed = [](std::int32_t verbosity) {
    const CapturedLog log(verbosity);
    log_error("e");
    log_warning("w");
    log_info("i");
    log_verbose(0, "v0");
    log_verbose(1, "v1");
    log_verbose(4, "v4");
    return log.messages();
  };
  using Lines = std::vector<std::string>;

  CHECK(printed(-1) == Lines{"ERROR e", "WARN  w"});
  CHECK(printed(0) == Lines{"ERROR e", "WARN  w", "INFO  i", "INFO  v0"});
  CHECK(printed(3) == Lines{"ERROR e", "WARN  w", "INFO  i", "INFO  v0", "DEBUG v1"});
  CHECK(printed(10) == Lines{"ERROR e", "WARN  w", "INFO  i", "INFO  v0", "DEBUG v1", "DEBUG v4"});
}

TEST_CASE("logging: the text of user logic cannot pass for a record", "[io]") {
  const CapturedLog log;

  log_info(
      "stderr: one\n2026-01-01T00:00:00.000Z ERROR forged\r\x1b[2J\x7f\ttab \xc2\x9b\xc3\xa9\n");

  CHECK(log.messages() ==
        std::vector<std::string>{"INFO  stderr: one\n    2026-01-01T00:00:00.000Z ERROR forged"
                                 "\\x0d\\x1b[2J\\x7f\ttab \\u009b\xc3\xa9"});
}

TEST_CASE("logging: secrets are taken out, and what would play with a reader", "[io]") {
  std::string records;
  LogSettings settings{.redaction = Redaction({{"s3cr3t", true}}),
                       .output = [&](std::string_view record) { records += record; }};
  set_up_logging(settings);
  log_info("text s3cr3t \xE2\x80\xA8|\xE2\x80\xAE");
  settings.json = true;
  set_up_logging(settings);
  log_info("JSON s3cr3t \xC2\x85|\xE2\x80\xAE");
  set_up_logging({});

  CHECK_THAT(records, Catch::Contains("INFO  text *** \\u2028|\\u202e\n"));
  CHECK_THAT(records, Catch::Contains(R"("message":"JSON *** \u0085|\u202e"})"));
}

TEST_CASE("logging: JSON records are one valid object a line", "[io]") {
  const CapturedLog log(1, true);

  log_warning("a \"quote\"\nand \xff");
  log_verbose(1, "detail");

  const auto records = log.records();
  REQUIRE(records.size() == 2);
  const std::regex time(R"(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",)");
  CHECK(std::regex_replace(records[0], time, "{") ==
        "{\"level\":\"warn\",\"message\":\"a \\\"quote\\\"\\nand \xef\xbf\xbd\"}\n");
  CHECK(std::regex_replace(records[1], time, "{") ==
        "{\"level\":\"debug\",\"message\":\"detail\"}\n");
}

TEST_CASE("logging: nobody reading standard error does not stop the daemon", "[io]") {
  const StandardErrorPipe pipe;
  set_up_logging({});
  const std::string line(1000, 'x');

  for (int i = 0; i < 200; ++i) log_info(line);  // a pipe takes 64 KiB
  const std::string before = pipe.read_all();
  log_info("again");
  const std::string after = pipe.read_all();

  CHECK(before.size() <= 65536);
  CHECK(after.find("log records were dropped: nobody read standard error") != std::string::npos);
  CHECK(after.ends_with("INFO  again\n"));
}
