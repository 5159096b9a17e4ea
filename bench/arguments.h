#pragma once

#include <map>
#include <string>

namespace bench {

/// The command line of a benchmark program: `name=value` words.
class Arguments {
 public:
  Arguments(int argc, char** argv);

  /// Ends the program with a message when `name` was not given.
  std::string text(const std::string& name) const;
  std::string text(const std::string& name, const std::string& fallback) const;
  int number(const std::string& name, int fallback) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace bench
