#include "cpab/app/reference_flags.h"

#include <catch2/catch.hpp>

using namespace cpab;

using Arguments = std::vector<std::string>;

TEST_CASE("without_reference_flags: drops logging flags with one dash or two, whatever their value",
          "[app]") {
  CHECK(without_reference_flags({"-v=2", "--v=2", "-logtostderr", "--logtostderr=true",
                                 "-alsologtostderr", "--log_dir=/tmp", "-vmodule=a=2"})
            .empty());
}

TEST_CASE("without_reference_flags: drops a value that is the next argument", "[app]") {
  CHECK(without_reference_flags({"-v", "2", "run", "--stderrthreshold", "INFO", "--context",
                                 "a"}) == Arguments{"run", "--context", "a"});
  CHECK(without_reference_flags({"run", "-v"}) == Arguments{"run"});
}

TEST_CASE("without_reference_flags: keeps everything else as it is", "[app]") {
  const Arguments others = {"validate", "v",    "logtostderr",  "--version", "---v=2",
                            "-",        "--",   "--kubeconfig", "/a=b",      "",
                            "-h",       "--vv", "--json"};
  CHECK(without_reference_flags(others) == others);
}
