#include "cpab/io/temporary_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

using namespace cpab;
namespace fs = std::filesystem;

TEST_CASE("temporary folder: is there as long as the object, and goes with its files", "[io]") {
  std::optional<TemporaryFolder> folder("cpab-test-");
  const TemporaryFolder other("cpab-test-");
  const std::string path = folder->path();
  CHECK(path != other.path());
  fs::create_directories(path + "/a/b");
  std::ofstream(path + "/a/b/file") << "content";
  CHECK(fs::exists(path + "/a/b/file"));
  folder.reset();
  CHECK_FALSE(fs::exists(path));
  CHECK(fs::is_directory(other.path()));
}
