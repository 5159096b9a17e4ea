#include "cpab/methods/registry.h"

#include <stdexcept>
#include <utility>

#include "cpab/config/hpa_tolerance.h"
#include "cpab/io/clock.h"
#include "cpab/methods/hpa_method.h"
#include "cpab/methods/http_method.h"
#include "cpab/methods/kubernetes_method.h"
#include "cpab/methods/shell_method.h"

namespace cpab {
namespace {

std::unique_ptr<Method> make_shell(const MethodConfig& config, const MethodContext& context) {
  if (!config.shell) {
    throw MethodError("config", "missing required 'shell' configuration on method");
  }
  return std::make_unique<ShellMethod>(*config.shell, config.timeout, context.processes,
                                       context.clock, context.max_output_bytes);
}

std::unique_ptr<Method> make_http(const MethodConfig& config, const MethodContext& context) {
  if (!config.http) {
    throw MethodError("config", "missing required 'http' configuration on method");
  }
  return std::make_unique<HttpMethod>(*config.http, config.timeout,
                                      make_method_http_client(*config.http, context.clock),
                                      context.clock, context.max_output_bytes);
}

std::unique_ptr<Method> make_hpa(const MethodConfig& config, const MethodContext& context) {
  const Clock& clock = context.sample_clock != nullptr ? *context.sample_clock : context.clock;
  return std::make_unique<HpaMethod>(hpa_tolerance(config, context.behavior), context.parity,
                                     [&clock, limit = context.max_sample_age] {
                                       return SampleAge{instant_of(clock.wall_now()), limit};
                                     });
}

}  // namespace

void MethodRegistry::add(std::string type, Maker maker) {
  const auto [entry, is_new] = makers_.emplace(std::move(type), std::move(maker));
  if (!is_new) throw std::logic_error("method type '" + entry->first + "' is there already");
}

std::unique_ptr<Method> MethodRegistry::make(const MethodConfig& config) const {
  const auto found = makers_.find(config.type);
  if (found == makers_.end()) {
    throw MethodError("config", "unknown execution method: '" + config.type + '\'');
  }
  return found->second(config);
}

MethodRegistry builtin_methods(const MethodContext& context) {
  MethodRegistry registry;
  registry.add("shell", [context](const MethodConfig& c) { return make_shell(c, context); });
  registry.add("http", [context](const MethodConfig& c) { return make_http(c, context); });
  registry.add("kubernetes",
               [](const MethodConfig&) { return std::make_unique<KubernetesMethod>(); });
  registry.add("hpa", [context](const MethodConfig& c) { return make_hpa(c, context); });
  return registry;
}

}  // namespace cpab
