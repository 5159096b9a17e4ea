#include "cpab/config/display.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

TEST_CASE("quoted: one line of bounded length", "[config]") {
  CHECK(quoted("ten") == R"("ten")");
  CHECK(quoted("a\n\"b\"") == R"("a\n\"b\"")");
  CHECK(escaped("a\nb") == R"(a\nb)");
  CHECK(quoted(std::string(500, 'x')) == '"' + std::string(120, 'x') + "...\"");
  CHECK(escaped(std::string(119, 'x') + "\xC3\xA9") == std::string(119, 'x') + "...");
}

TEST_CASE("masked_at: goes by the key", "[config]") {
  CHECK(masked_at("metric.http.headers.Authorization", "Bearer x") == "***");
  CHECK(masked_at("metric.http.headers.content-type", "text/plain") == "text/plain");
  CHECK(masked_at("metric.http.headers.Accept", "a/b") == "a/b");
  CHECK(masked_at("metric.http.url", "http://u@h") == "http://***@h");
  CHECK(masked_at("metric.shell.command[0]", "--api-token=abc") == "--api-token=***");
  CHECK(masked_at("metric.shell.command[0]", "PASSWORD=abc") == "PASSWORD=***");
  CHECK(masked_at("metric.shell.command[0]", "http://u:p@h/") == "http://***@h/");
  CHECK(masked_at("metric.shell.command[0]", "--verbose=2") == "--verbose=2");
  CHECK(masked_at("metric.shell.command[1]", "0123456") == "***");
  CHECK(masked_at("metric.shell.command[1]", "yes") == "yes");
  CHECK(masked_at("namespace", "shop") == "shop");
  CHECK(masked_at("interval", "s3cr3t") == "***");
}

}  // namespace
}  // namespace cpab
