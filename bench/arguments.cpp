#include "bench/arguments.h"

#include <cstdio>
#include <cstdlib>

namespace bench {

Arguments::Arguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      std::fprintf(stderr, "arguments are name=value, not %s\n", argv[i]);
      std::exit(2);
    }
    values_[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

std::string Arguments::text(const std::string& name) const {
  const auto found = values_.find(name);
  if (found != values_.end()) return found->second;
  std::fprintf(stderr, "%s=... is missing\n", name.c_str());
  std::exit(2);
}

std::string Arguments::text(const std::string& name, const std::string& fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : found->second;
}

int Arguments::number(const std::string& name, int fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? fallback : std::atoi(found->second.c_str());
}

}  // namespace bench
