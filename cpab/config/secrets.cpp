#include "cpab/config/secrets.h"

#include "cpab/config/sections.h"
#include "cpab/model/masked_arguments.h"

namespace cpab {
namespace {

void add_secrets(const ShellConfig& shell, std::vector<HiddenValue>& hidden) {
  masked_arguments(shell.command, &hidden);
}

void add_secrets(const HttpConfig& http, std::vector<HiddenValue>& hidden) {
  masked_url(http.url, ShownQuery::names, &hidden);
  for (const auto& [name, value] : http.headers) masked_header(name, value, &hidden);
}

}  // namespace

Redaction redaction_of(const Config& config) {
  std::vector<HiddenValue> hidden;
  for (const MethodKey& key : method_keys) {
    const auto& method = config.*key.member;
    if (method && method->shell) add_secrets(*method->shell, hidden);
    if (method && method->http) add_secrets(*method->http, hidden);
  }
  return Redaction(hidden);
}

Redaction redaction_of(const HttpConfig& http) {
  std::vector<HiddenValue> hidden;
  add_secrets(http, hidden);
  return Redaction(hidden);
}

}  // namespace cpab
