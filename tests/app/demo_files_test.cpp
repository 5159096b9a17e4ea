#include "cpab/app/demo_files.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/app/demo_texts.h"
#include "cpab/config/load.h"
#include "cpab/io/file.h"

using namespace cpab;

TEST_CASE("demo files: the scripts and a configuration that names them, gone with the object",
          "[app]") {
  std::string folder;
  {
    const DemoFiles files(DemoExample::python, 1234);
    folder = files.folder();
    CHECK(read_file(folder + "/metric.py") == demo_metric_py);
    CHECK(read_file(folder + "/evaluate.py") == demo_evaluate_py);

    const LoadedConfig loaded = load_config(files.config(), {});
    CHECK(loaded.warnings.empty());
    CHECK(loaded.config.api.port == 1234);
    CHECK(loaded.config.metric->shell->command == std::vector<std::string>{folder + "/metric.py"});
    CHECK(loaded.config.evaluate->shell->command ==
          std::vector<std::string>{folder + "/evaluate.py"});
  }
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("demo files: each object has a folder of its own", "[app]") {
  const DemoFiles one(DemoExample::python, 1);
  const DemoFiles other(DemoExample::python, 1);
  CHECK(one.folder() != other.folder());
}

TEST_CASE("demo files: the HPA example needs no scripts", "[app]") {
  const DemoFiles files(DemoExample::hpa, 1234);
  CHECK_FALSE(std::filesystem::exists(files.folder() + "/metric.py"));
  const LoadedConfig loaded = load_config(files.config(), {});
  CHECK(loaded.warnings.empty());
  CHECK(loaded.config.api.port == 1234);
  CHECK(loaded.config.evaluated_as_hpa());
  CHECK(loaded.config.behavior.has_value());
}
