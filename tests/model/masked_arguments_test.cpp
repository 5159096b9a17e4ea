#include "cpab/model/masked_arguments.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

using Arguments = std::vector<std::string>;

struct Case {
  Arguments given;
  Arguments shown;
};

}  // namespace

TEST_CASE("masked_arguments: hides what follows the name of a secret", "[model]") {
  const auto [given, shown] = GENERATE(values<Case>({
      {{"--token", "abc"}, {"--token", "***"}},
      {{"--token", "my secret"}, {"--token", "***"}},
      {{"--token=abc"}, {"--token=***"}},
      {{"--token", "--verbose", "x"}, {"--token", "--verbose", "x"}},
      {{"-token", "-abc"}, {"-token", "***"}},
      {{"TOKEN=abc"}, {"TOKEN=***"}},
      {{"-Dpassword=abc"}, {"-Dpassword=***"}},
      {{"Authorization: Bearer abc"}, {"Authorization: ***"}},
      {{"X-Api-Key:abc"}, {"X-Api-Key:***"}},
      {{"-H", "Cookie: a=b; c=d"}, {"-H", "Cookie: ***"}},
      {{"Bearer abc"}, {"Bearer ***"}},
      {{R"({"password": "abc", "x": 1})"}, {R"({"password": "***)"}},
      {{"-c", "token = 'abc'\nprint(5)"}, {"-c", "token = '***\nprint(5)"}},
      {{"-c", "run --interval 5 --token abc --x"}, {"-c", "run --interval 5 --token ***"}},
      {{"-c", "curl -u me:abc host"}, {"-c", "curl -u me:*** host"}},
      {{"--user=me:abc"}, {"--user=me:***"}},
      {{"--header=Authorization: Basic abc"}, {"--header=Authorization: ***"}},
      {{"--header=X-Api-Key: abc"}, {"--header=X-Api-Key: ***"}},
      {{"--env=API_TOKEN=abc"}, {"--env=API_TOKEN=***"}},
      {{"--set=db.password=abc"}, {"--set=db.password=***"}},
      {{"a=1&token=abc&b=2"}, {"a=1&token=***"}},
      {{"-d", "user=me&password=abc"}, {"-d", "user=me&password=***"}},
      {{"Server=x;Password=abc;Db=y"}, {"Server=x;Password=***"}},
  }));
  CAPTURE(given);
  CHECK(masked_arguments(given) == shown);
}

TEST_CASE("masked_arguments: hides passwords of short options, of URLs, and randomness",
          "[model]") {
  const auto [given, shown] = GENERATE(values<Case>({
      {{"-pabc"}, {"-p***"}},
      {{"-p", "abc"}, {"-p", "***"}},
      {{"-p", "a b c"}, {"-p", "***"}},
      {{"-u", "me:abc"}, {"-u", "me:***"}},
      {{"-ume:abc"}, {"-ume:***"}},
      {{"me:abc@host"}, {"***@host"}},
      {{"--dsn=me:a/b@tcp(host)"}, {"--dsn=***"}},
      {{"--url=HTTPS://me:abc@host/x?k=v"}, {"--url=HTTPS://***@host/x?k=***"}},
      {{"curl https://host/?k=v now"}, {"curl https://host/?k=*** now"}},
      {{"0123456789abcdef0123"}, {"***"}},
      {{"--id=0123456789abcdef0123"}, {"--id=***"}},
  }));
  CAPTURE(given);
  CHECK(masked_arguments(given) == shown);
}

TEST_CASE("masked_arguments: shows the rest", "[model]") {
  const Arguments given = GENERATE(values<Arguments>({
      {"--interval", "5", "--verbose=2"},
      {"-p", "8080", "-p80:80", "-p99"},
      {"-port", "80", "-print", "-path=/x"},
      {"-p", "/tmp/x"},
      {"--token-file", "/run/token", "--key-file=/k"},
      {"-u", "root", "git@host", "/opt/run.py", "a:b"},
      {"-c", "import json, sys\nprint(json.loads('{\"a\": 1}'))\n", ""},
      {"Keyboard", "the token", "key"},
  }));
  CAPTURE(given);
  CHECK(masked_arguments(given) == given);
}

TEST_CASE("masked_arguments: tells what it has hidden", "[model]") {
  std::vector<HiddenValue> hidden;
  masked_arguments({"--token", "abc", "-pd", "x: Authorization: Bearer e f", "me:g@h"}, &hidden);
  CHECK(hidden == std::vector<HiddenValue>{{"abc", true},
                                           {"d", true},
                                           {"Bearer e f", true},
                                           {"Bearer", true},
                                           {"e", true},
                                           {"f", false},
                                           {"g", true},
                                           {"me:g", true}});
}
