#include "cpab/pipeline/saved_state.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "cpab/io/crc32.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr WallTime new_year{Duration(1'767'225'600'000)};  // 2026-01-01T00:00:00Z

SavedState full_state() {
  return {.target = {"apps/v1", "Deployment", "shop", "prod"},
          .uid = "uid-1",
          .saved = new_year + 60s,
          .recommendations = {{new_year, 9}, {new_year + 30'250ms, 7}},
          .scale_events = {{new_year, 3, 9}, {new_year + 31s, 9, 7}},
          .manual = Override{.replicas = 8, .until = new_year + 1h, .by = "alice"}};
}

/// A file whose content is right as far as the checksum goes.
std::string sealed(const std::string& content) {
  char sum[16];
  std::snprintf(sum, sizeof sum, "%08x", static_cast<unsigned>(crc32(content)));
  return R"({"version":1,"checksum":"crc32:)" + std::string(sum) + R"(","state":)" + content + "}";
}

std::string refusal(const std::string& text) {
  try {
    decode_state(text);
  } catch (const StateError& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& old, const std::string& now) {
  return text.replace(text.find(old), old.size(), now);
}

}  // namespace

TEST_CASE("encode_state: is a line that people and jq can read", "[pipeline]") {
  CHECK(encode_state(full_state()) ==
        R"({"version":1,"checksum":"crc32:ee5f41fb","state":{"target":{"apiVersion":"apps/v1",)"
        R"("kind":"Deployment","namespace":"prod","name":"shop","uid":"uid-1"},)"
        R"("saved":"2026-01-01T00:01:00.000Z","recommendations":[)"
        R"({"time":"2026-01-01T00:00:00.000Z","replicas":9},)"
        R"({"time":"2026-01-01T00:00:30.250Z","replicas":7}],"scaleEvents":[)"
        R"({"time":"2026-01-01T00:00:00.000Z","from":3,"to":9},)"
        R"({"time":"2026-01-01T00:00:31.000Z","from":9,"to":7}],)"
        R"("override":{"replicas":8,"direction":"both","until":"2026-01-01T01:00:00.000Z",)"
        R"("by":"alice"}}})"
        "\n");
}

TEST_CASE("decode_state: reads what encode_state has written", "[pipeline]") {
  CHECK(decode_state(encode_state(full_state())) == full_state());

  const SavedState nothing{.target = {"v1", "ReplicationController", "\"quoted\"", "n\u00e4me"}};
  CHECK(decode_state(encode_state(nothing)) == nothing);
}

TEST_CASE("decode_state: the largest state stays below what is read", "[pipeline]") {
  SavedState state = full_state();
  state.recommendations.assign(1000, {new_year, 2147483647});
  state.scale_events.assign(1000, {new_year, 2147483647, 2147483647});
  state.manual->by = std::string(128, '\x01');
  state.manual->reason = std::string(512, '\x01');

  CHECK(encode_state(state).size() < max_state_bytes / 4);
  CHECK(decode_state(encode_state(state)) == state);
}

TEST_CASE("decode_state: no beginning of a file passes for the whole", "[pipeline]") {
  const std::string text = encode_state(full_state());
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {  // the line break may be missing
    if (refusal(text.substr(0, size)).empty()) FAIL("accepted " << size << " bytes");
  }
}

TEST_CASE("decode_state: no file with a bit turned passes for a good one", "[pipeline]") {
  const std::string text = encode_state(full_state());
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    if (refusal(damaged).empty()) FAIL("accepted with bit " << bit << " turned");
  }
}

TEST_CASE("decode_state: says what is wrong with a file", "[pipeline]") {
  const std::string good = encode_state(full_state());
  CHECK(refusal("") == "it is empty");
  CHECK(refusal(replaced(good, "\"replicas\":9", "\"replicas\":1")) ==
        "it is damaged: its checksum is another");
  CHECK(refusal(replaced(good, "\"version\":1", "\"version\":2")) ==
        "it has version 2 of the format, this cpab has 1");
  CHECK(refusal(R"({"version":2,"contents":"other"})") ==
        "it has version 2 of the format, this cpab has 1");
  CHECK(refusal("{}") == "it is damaged: version is missing");
  CHECK(refusal(R"({"version":1})") == "it is damaged: state is missing");
  CHECK(refusal(R"({"version":1,"state":{}})") == "it is damaged: checksum is missing");
  CHECK(refusal(good + good).starts_with("it is damaged: "));
  CHECK(refusal(std::string(100, '\0')).starts_with("it is damaged: "));
  CHECK(refusal(std::string(100'000, '[')).starts_with("it is damaged: "));
}

TEST_CASE("decode_state: a right checksum makes nonsense no sense", "[pipeline]") {
  const std::string good = encode_state(full_state());
  const std::string content =
      good.substr(good.find("\"state\":") + 8, good.size() - good.find("\"state\":") - 10);
  REQUIRE(decode_state(sealed(content)) == full_state());

  const auto [old, now] = GENERATE(table<std::string, std::string>({
      {"\"replicas\":9", "\"replicas\":-9"},
      {"\"replicas\":9", "\"replicas\":99999999999"},
      {"\"replicas\":9", "\"replicas\":null"},
      {"\"time\":", "\"when\":"},
      {"2026-01-01T00:00:00.000Z", "2026-13-01T00:00:00.000Z"},
      {"\"scaleEvents\":[", "\"scaleEvents\":7,\"x\":["},
      {"\"uid\":\"uid-1\"", "\"uid\":1"},
      {"\"from\":3", "\"from\":[]"},
      {"\"direction\":\"both\"", "\"direction\":\"left\""},
      {"\"target\":{", "\"goal\":{"},
  }));
  CAPTURE(now);
  CHECK(refusal(sealed(replaced(content, old, now))).starts_with("it is damaged: "));
}

TEST_CASE("decode_state: what a later cpab may add is ignored", "[pipeline]") {
  const std::string good = encode_state(full_state());
  const std::string content =
      good.substr(good.find("\"state\":") + 8, good.size() - good.find("\"state\":") - 10);
  CHECK(decode_state(sealed(replaced(content, "{", R"({"shadow":{"since":"now"},)"))) ==
        full_state());
}
