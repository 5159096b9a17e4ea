#include "cpab/pipeline/script_files.h"

#include <catch2/catch.hpp>

#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

struct Folders {
  Folders() {
    std::filesystem::create_directories(all.file("prod/sub"));
    std::filesystem::create_directories(all.file("here"));
    all.write("prod/metric.sh", "");
    all.write("prod/sub/run", "");
  }

  std::vector<std::string> notes(const std::vector<std::string>& command) const {
    return notes_on_command("metric", command, all.file("prod/config.yaml"), all.file("here"));
  }

  std::string path(const std::string& name) const {
    return std::filesystem::path(all.file(name)).lexically_normal();
  }

  TemporaryDirectory all;
};

}  // namespace

TEST_CASE_METHOD(Folders, "script files: one of the same name beside the configuration is told of",
                 "[pipeline]") {
  const std::string advice = " beside " + all.file("prod/config.yaml") +
                             ": relative paths start in the working directory; start cpab in " +
                             path("prod") + ", or write whole paths";
  CHECK(notes({"sh", "metric.sh"}) ==
        std::vector<std::string>{"metric uses " + path("here/metric.sh") +
                                 ", which is not there, and not " + path("prod/metric.sh") +
                                 advice});
  all.write("here/metric.sh", "");
  CHECK(notes({"sh", "metric.sh"}) ==
        std::vector<std::string>{"metric uses " + path("here/metric.sh") + ", and not " +
                                 path("prod/metric.sh") + advice});
  CHECK(notes({"./sub/run", "./metric.sh"}).size() == 2);
}

TEST_CASE_METHOD(Folders, "script files: what can only be meant one way is not told of",
                 "[pipeline]") {
  CHECK(notes({"metric.sh"}).empty());  // a program in PATH
  CHECK(notes({"sh", path("prod/metric.sh"), "other.sh", "", "-c", "sub"}).empty());
  CHECK(notes({"sh", "-c", std::string(100'000, 'x')}).empty());
  CHECK(notes_on_command("metric", {"sh", "metric.sh"}, "config.yaml", all.file("prod")).empty());
  CHECK(notes_on_command("metric", {"sh", "metric.sh"}, "../prod/config.yaml", all.file("prod"))
            .empty());
  CHECK(notes_on_command("metric", {"sh", "metric.sh"}, "c.yaml", "").empty());
  std::filesystem::create_symlink(all.file("prod/metric.sh"), all.file("here/metric.sh"));
  CHECK(notes({"sh", "metric.sh"}).empty());
}

TEST_CASE_METHOD(Folders, "script files: every stage and hook that starts a program is looked at",
                 "[pipeline]") {
  MethodConfig script;
  script.type = "shell";
  script.shell = ShellConfig{"sh", {"metric.sh"}};
  Config config;
  config.metric = config.post_scale = script;
  config.evaluate = script;
  config.evaluate->type = "hpa";

  const auto found = notes_on_scripts(config, all.file("prod/config.yaml"), all.file("here"));

  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0], Catch::StartsWith("metric uses "));
  CHECK_THAT(found[1], Catch::StartsWith("postScale uses "));
}
