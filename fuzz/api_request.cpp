#include "cpab/api/handlers.h"

#include <algorithm>

#include "cpab/api/query.h"
#include "cpab/model/json_text.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"
#include "tests/fakes/answer_in_turn.h"
#include "tests/pipeline/cycle_fixture.h"

namespace cpab {
namespace {

/// `METHOD target`, and the body on the lines below; without a blank, it is the target of a POST.
ServerRequest request_of(std::string_view input) {
  ServerRequest request;
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  request.body = input.substr(std::min(line_end + 1, input.size()));
  input = input.substr(0, line_end);
  const std::size_t blank = input.find(' ');
  request.method = blank == input.npos ? "POST" : std::string(input.substr(0, blank));
  request.target = input.substr(blank == input.npos ? 0 : blank + 1);
  return request;
}

/// Whether the request may lead to scaling.
bool asks_to_scale(const ServerRequest& request) {
  if (request.method != "POST" || request.path() != "/api/v1/evaluation") return false;
  try {
    return !Query(request.query()).flag("dry_run");
  } catch (const QueryError&) {
    return false;
  }
}

void check_body(const ServerResponse& response) {
  for (const auto& [name, value] : response.headers) {
    require(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
    if (name == "Content-Type" && value.starts_with("application/json")) {
      require(json_value(response.body) == response.body, "a JSON body is JSON");
    }
  }
}

}  // namespace

void fuzz_api_request(std::string_view input) {
  CycleFixture fixture;
  fixture.run();
  fixture.cluster.written.clear();
  fixture.cluster.scale_answer.spec_replicas = 3;
  Handlers handlers({fixture.cycle(), fixture.log, fixture.heartbeat, fixture.clock});

  const ServerRequest request = request_of(input);
  const ServerResponse response = answer_in_turn(handlers, request);

  check_body(response);
  require(response.status >= 200 && response.status < 600, "a status is one");
  const bool scaled = !fixture.cluster.written.empty();
  require(scaled == (asks_to_scale(request) && response.status == 200),
          "only an accepted evaluation without dry_run scales");
}

}  // namespace cpab
