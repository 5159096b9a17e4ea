#include <catch2/catch.hpp>
#include <csignal>

#include "cpab/io/http_server.h"
#include "tests/console/pseudo_terminal.h"
#include "tests/console/records.h"
#include "tests/fakes/daemon.h"

using namespace cpab;

namespace {

ServerResponse answer(const ServerRequest& request) {
  ServerResponse response;
  if (request.path() == "/api/v1/decisions/last") response.body = failed_record;
  if (request.path() == "/api/v1/status") response.body = status_text;
  if (request.path() == "/api/v1/decisions") response.body = "[" + stabilized_record + "]";
  if (request.target.find("changed=true") != std::string::npos) {
    response.body = "[" + with(stabilized_record, R"("id":42)", R"("id":17)") + "]";
  }
  return response;
}

}  // namespace

TEST_CASE("cpab explain and watch: ask a daemon, and print without colours into a pipe",
          "[console]") {
  const auto server = start_http_server({}, answer);
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());

  const Outcome last = run_cpab({"explain", "--url", url});
  CHECK(last.exit_code == 0);
  CHECK_THAT(last.out, Catch::StartsWith("Decision 4 for Deployment default/web"));
  CHECK(last.out.find('\x1b') == std::string::npos);
  CHECK_THAT(run_cpab({"explain", "42", "--url", url}).out, Catch::StartsWith("Decision 42 for"));
  CHECK_THAT(run_cpab({"explain", "--changed", "--url", url}).out,
             Catch::StartsWith("Decision 17 for"));

  Program watch({CPAB_BINARY, "watch", "--url", url});
  CHECK(soon([&] { return watch.out().ends_with('\n'); }));
  watch.signal(SIGINT);
  CHECK(watch.wait() == 0);
  CHECK(watch.out() ==
        "03:19:29Z  wanted 9, keeping 8: scale-down stabilization holds 8 until 03:19:37Z\n");
}

TEST_CASE("cpab watch: on a terminal a screen of its own, which Ctrl-C gives back", "[console]") {
  const auto server = start_http_server({}, answer);
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  PseudoTerminal terminal({CPAB_BINARY, "watch", "--url", url}, {"TERM=xterm"});

  CHECK(terminal.shows("\x1b[?1049h\x1b[?25l\x1b[H\x1b[1mDeployment default/shop"));
  CHECK(terminal.shows("\n03:19:29Z  wanted 9, keeping 8: "));
  terminal.type("\x03");

  CHECK(terminal.wait() == 0);
  CHECK(terminal.screen().ends_with("\x1b[?25h\x1b[?1049l"));
}

TEST_CASE("cpab explain: colours on a terminal, unless they are not wanted", "[console]") {
  const auto server = start_http_server({}, answer);
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  const auto coloured = [&](const std::vector<std::string>& variables) {
    PseudoTerminal terminal({CPAB_BINARY, "explain", "--url", url}, variables);
    CHECK(terminal.wait() == 0);
    return terminal.screen().find("\x1b[31m") != std::string::npos;
  };
  CHECK(coloured({"TERM=xterm"}));
  CHECK(coloured({"TERM=xterm", "NO_COLOR="}));
  CHECK_FALSE(coloured({"TERM=xterm", "NO_COLOR=1"}));
  CHECK_FALSE(coloured({"TERM=dumb"}));
}

TEST_CASE("cpab explain: without a daemon, a sentence and 1", "[console]") {
  std::string url;
  {
    const auto server = start_http_server({}, answer);
    url = "http://127.0.0.1:" + std::to_string(server->port());
  }
  const Outcome outcome = run_cpab({"explain", "--url", url});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Catch::StartsWith("cpab cannot be asked at " + url) &&
                              Catch::EndsWith("Give its address with --url\n"));
}
