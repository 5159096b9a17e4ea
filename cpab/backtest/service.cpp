#include "cpab/backtest/service.h"

#include <stdexcept>

#include "cpab/io/curl_http_client.h"

namespace cpab {
namespace {

constexpr std::chrono::seconds longest_start{10};
constexpr std::chrono::milliseconds between_tries{20};

/// Of standard output and of standard error: what a chatty service logs in a long replay.
constexpr std::size_t most_output = 64u << 20;

std::string name_of(const ScenarioService& service) {
  std::string name;
  for (const std::string& word : service.command) name += (name.empty() ? "" : " ") + word;
  return "the service '" + name + "'";
}

std::string description_of(const ProcessResult& result) {
  if (result.overran) return "printed more than 64 MiB";
  if (result.signal != 0) return "ended by signal " + std::to_string(result.signal);
  return "ended with exit status " + std::to_string(result.exit_code);
}

std::string last_of(const std::string& text) {
  constexpr std::size_t enough = 2'000;
  return text.size() > enough ? text.substr(text.size() - enough) : text;
}

}  // namespace

Service::Service(ScenarioService service)
    : service_(std::move(service)), programs_(clock_), thread_([this] { run(); }) {}

Service::~Service() { stop_.request_stop(); }

void Service::run() {
  for (const auto& [name, value] : service_.environment) programs_.set_variable(name, value);
  std::string end;
  try {
    const ProcessResult result =
        programs_.run({service_.command, "", {TimePoint::max(), stop_.get_token()}, most_output});
    end = description_of(result) + (result.err.empty() ? "" : ": " + last_of(result.err));
  } catch (const ProcessError& error) {
    end = std::string("cannot be started: ") + error.what();
  } catch (const std::exception& error) {
    end = std::string("was ended: ") + error.what();
  }
  const std::lock_guard lock(mutex_);
  end_ = end;
}

void Service::check() const {
  const std::lock_guard lock(mutex_);
  if (!end_.empty()) throw std::runtime_error(name_of(service_) + " " + end_);
}

void Service::wait_until_ready(const std::function<bool()>& keep_waiting) {
  const TimePoint give_up = clock_.now() + longest_start;
  while (!answers()) {
    check();
    if (!keep_waiting()) return;
    if (clock_.now() > give_up) {
      throw std::runtime_error(name_of(service_) + " does not answer at " + service_.ready +
                               " within 10 s");
    }
    clock_.wait_until(clock_.now() + between_tries, {});
  }
}

bool Service::answers() {
  CurlHttpClient client({}, clock_);
  HttpRequest request;
  request.url = service_.ready;
  request.budget.deadline = clock_.now() + std::chrono::seconds(1);
  try {
    client.send(request);
    return true;
  } catch (const HttpError&) {
    return false;
  }
}

}  // namespace cpab
