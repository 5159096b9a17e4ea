#pragma once

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "tests/fakes/program.h"

namespace cpab {

/// How `name`, `prometheus` or `promtool`, is called: where scripts/test has unpacked it, or in
/// PATH. Empty when it is not there, which is warned of, so that a skipped test is seen.
inline std::string prometheus_tool(const std::string& name) {
  for (const std::string folder : {CPAB_SOURCE_DIR "/build/tools/prometheus/usr/bin/", ""}) {
    try {
      if (run_program({folder + name, "--version"}).exit_code == 0) return folder + name;
    } catch (const std::runtime_error&) {
    }
  }
  WARN("skipped: there is no " << name << " here");
  return {};
}

}  // namespace cpab
