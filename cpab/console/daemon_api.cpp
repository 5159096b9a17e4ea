#include "cpab/console/daemon_api.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "cpab/io/file.h"
#include "cpab/model/json_text.h"
#include "cpab/model/printable.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr Duration patience{10'000};
constexpr std::size_t kept_decisions = 1000;
/// Twice what cpab remembers of its decisions.
constexpr std::size_t most_bytes = 8u << 20;

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// The message of an error that cpab answers; none when it is not one of those.
std::optional<std::string> error_message(const HttpResponse& response) {
  constexpr std::size_t longest = 4096;
  try {
    const auto found = json_member(json_value(response.body), "message");
    const auto message = found ? json_string(*found) : std::nullopt;
    if (!message) return std::nullopt;
    return printable(utf8_prefix(*message, longest), "  ");
  } catch (const JsonError&) {
    return std::nullopt;
  }
}

std::string hint(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::connect:
      return ". Is it running, and its API switched on? Give its address with --url";
    case HttpFailure::tls:
      return ". Give the CA of its certificate with --ca-file";
    case HttpFailure::closed:
    case HttpFailure::truncated:
      return ". Is it served over HTTPS? Give --url https://...";
    case HttpFailure::timeout:
    case HttpFailure::body_timeout:
    case HttpFailure::too_large:
    case HttpFailure::redirects:
    case HttpFailure::stopped:
    case HttpFailure::other:
      break;
  }
  return "";
}

}  // namespace

DaemonApi::DaemonApi(DaemonAddress address, HttpClient& http, const Clock& clock)
    : address_{without_slash(std::move(address.url)), std::move(address.token)},
      http_(http),
      clock_(clock) {}

StatusView DaemonApi::status(std::stop_token stop) {
  return read("/api/v1/status", parse_status, std::move(stop));
}

DecisionView DaemonApi::last_decision() {
  return read("/api/v1/decisions/last", parse_decision, {});
}

DecisionView DaemonApi::last_change() {
  const auto changes = read("/api/v1/decisions?changed=true&limit=1", parse_decisions, {});
  if (!changes.empty()) return changes.front();
  throw DaemonApiError("None of the decisions that cpab at " + redacted_url(address_.url) +
                       " remembers changed the count. Without --changed the last is explained");
}

DecisionView DaemonApi::decision(std::uint64_t id) {
  const std::uint64_t before = std::max<std::uint64_t>(id, 1) - 1;
  const auto decisions = decisions_after(before, kept_decisions);
  for (const DecisionView& decision : decisions) {
    if (decision.id == id) return decision;
  }
  throw DaemonApiError("There is no decision " + std::to_string(id) +
                       " to be had: cpab keeps the last 1,000 at most, and counts from 1 again "
                       "when it is restarted. Without an ID the newest is explained");
}

std::vector<DecisionView> DaemonApi::decisions_after(std::uint64_t id, std::size_t limit,
                                                     std::stop_token stop) {
  return read("/api/v1/decisions?since=" + std::to_string(id) + "&limit=" + std::to_string(limit),
              parse_decisions, std::move(stop));
}

/// What `parse` makes of the answer.
template <typename View>
View DaemonApi::read(const std::string& target, View (*parse)(std::string_view),
                     std::stop_token stop) {
  const std::string body = get(target, std::move(stop));
  try {
    return parse(body);
  } catch (const NotFromCpab& error) {
    not_cpab(error.what());
  }
}

std::string DaemonApi::get(const std::string& target, std::stop_token stop) {
  HttpRequest request;
  request.url = address_.url + target;
  if (!address_.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + address_.token);
  }
  request.budget = {clock_.now() + patience, std::move(stop)};
  request.max_response_bytes = most_bytes;
  try {
    const HttpResponse response = http_.send(request);
    if (response.status != 200) refuse(response);
    return response.body;
  } catch (const HttpError& error) {
    throw DaemonApiError("cpab cannot be asked at " + redacted_url(address_.url) + ": " +
                         error.what() + hint(error.failure));
  }
}

void DaemonApi::refuse(const HttpResponse& response) const {
  const auto message = error_message(response);
  if (!message) not_cpab("HTTP status " + std::to_string(response.status));
  const std::string token = response.status == 401 ? ". Give --token-file FILE" : "";
  throw DaemonApiError("cpab at " + redacted_url(address_.url) + " says: " + *message + token);
}

void DaemonApi::not_cpab(const std::string& why) const {
  throw DaemonApiError("What answers at " + redacted_url(address_.url) +
                       " is not a cpab of this version (" + printable(why, "  ") +
                       "). Give the address of its API with --url");
}

std::string token_of_file(const std::string& path) {
  try {
    std::istringstream content(read_file(path, file_kind::token));
    std::string token;
    if (content >> token) return token;
  } catch (const FileError& error) {
    throw DaemonApiError(std::string("The token cannot be read: ") + error.what());
  }
  throw DaemonApiError("The token cannot be read: there is none in " + path);
}

}  // namespace cpab
