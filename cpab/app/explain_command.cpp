#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/app/daemon_address.h"
#include "cpab/console/explanation.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"

namespace cpab {

int explain_command(const DaemonOptions& daemon, std::optional<std::uint64_t> id) {
  try {
    const SystemClock clock;
    CurlHttpClient http(daemon_client_options(daemon), clock);
    DaemonApi api(daemon_address(daemon), http, clock);
    const DecisionView decision = id ? api.decision(*id) : api.last_decision();
    std::fputs(explain(decision, Style(standard_output().colours)).c_str(), stdout);
    return exit_ok;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return exit_failure;
  }
}

}  // namespace cpab
