#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "tests/architecture/sources.h"

using namespace cpab;

namespace {

/// The files that may name each library. A header of ours never does, so that replacing a library
/// touches what is listed here and nothing else. nlohmann/json is free in .cpp files.
const std::map<std::string, std::set<std::string>> users = {
    {"CLI", {"app/command_line.cpp"}},
    {"boost",
     {"io/beast_http_server.cpp", "io/crc32.cpp", "io/gzip.cpp", "io/http_connection.cpp",
      "io/http_response_head.cpp", "io/request_reader.cpp", "io/server_certificates.cpp"}},
    {"curl", {"io/curl_connection.cpp", "io/curl_exchange.cpp", "io/curl_sockets.cpp"}},
    {"openssl",
     {"io/server_certificates.cpp", "io/tls_material.cpp", "io/tls_watch.cpp",
      "io/token_file.cpp"}},
    {"spdlog", {"io/logging.cpp"}},
    {"yaml-cpp", {"config/yaml_document.cpp", "kubernetes/kubeconfig.cpp", "simulation/yaml.cpp"}},
};

}  // namespace

TEST_CASE("third party: each library is named only where it is allowed", "[architecture]") {
  const std::regex include(R"(^\s*#\s*include <([^/>]+)/)");
  const std::set<std::string> system_headers = {"sys", "netinet", "arpa", "linux"};
  std::set<std::string> found;
  for (const SourceLine& line : source_lines("cpab")) {
    std::smatch match;
    if (!std::regex_search(line.text, match, include)) continue;
    const std::string library = match[1];
    if (library == "nlohmann" || system_headers.contains(library)) continue;
    INFO(line.where());
    REQUIRE(users.contains(library));
    CHECK(users.at(library).contains(line.file));
    found.insert(library);
  }
  CHECK(found.size() == users.size());
}

TEST_CASE("third party: headers name nlohmann/json by its forward declarations at most",
          "[architecture]") {
  const std::regex full(R"(^\s*#\s*include <nlohmann/json\.hpp>)");
  for (const SourceLine& line : source_lines("cpab")) {
    if (line.file.ends_with(".cpp")) continue;
    INFO(line.where());
    CHECK_FALSE(std::regex_search(line.text, full));
  }
}

TEST_CASE("third party: model and decision log nothing and know no JSON tree but one",
          "[architecture]") {
  const std::regex unwanted(R"(nlohmann|spdlog|logging\.h)");
  for (const SourceLine& line : source_lines("cpab")) {
    const bool pure = line.file.starts_with("model/") || line.file.starts_with("decision/");
    if (!pure || line.file == "model/decision_record.cpp") continue;
    INFO(line.where());
    CHECK_FALSE(std::regex_search(line.text, unwanted));
  }
}
