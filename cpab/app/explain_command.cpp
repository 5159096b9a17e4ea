#include <cstdio>

#include "cpab/app/commands.h"
#include "cpab/app/daemon_address.h"
#include "cpab/app/print_error.h"
#include "cpab/console/explanation.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"

namespace cpab {

namespace {

DecisionView chosen(DaemonApi& api, const ExplainOptions& options) {
  if (options.id) return api.decision(*options.id);
  return options.changed ? api.last_change() : api.last_decision();
}

}  // namespace

int explain_command(const DaemonOptions& daemon, const ExplainOptions& options) {
  try {
    const SystemClock clock;
    CurlHttpClient http(daemon_client_options(daemon), clock);
    DaemonApi api(daemon_address(daemon), http, clock);
    std::fputs(explain(chosen(api, options), Style(standard_output().colours)).c_str(), stdout);
    return exit_ok;
  } catch (const std::exception& error) {
    print_error(error.what());
    return exit_failure;
  }
}

}  // namespace cpab
