#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cpab/io/file.h"
#include "tests/evil/victim.h"

using namespace cpab;

namespace {

struct BadAnswer {
  std::string script;
  std::string complaint;  ///< part of the message
};

/// Runs each script of the kit as evaluate logic, all in one daemon.
void check_all_refused(const std::vector<BadAnswer>& answers) {
  Victim victim;
  for (const BadAnswer& answer : answers) {
    INFO("evaluate logic: " << answer.script);
    victim.play(evaluate_stage, Victim::kit(answer.script));
    victim.check_refuses({evaluate_stage, "invalid_evaluation", answer.complaint});
  }
}

}  // namespace

TEST_CASE("evil: an answer without a number never scales", "[evil]") {
  check_all_refused({
      {"answers-nothing.sh", "the answer is empty"},
      {"answers-blanks.sh", "the answer is empty"},
      {"answers-half-a-document.sh", "expected '}' at byte 21"},
      {"answers-null.sh", "targetReplicas is null, which is not a number"},
      {"answers-true.sh", "targetReplicas is true, which is not a number"},
      {"answers-list.sh", "targetReplicas is [9], which is not a number"},
      {"answers-text.sh", "targetReplicas is \"9\", which is not a number"},
      {"answers-bare-number.sh", "the answer is not a JSON object"},
      {"answers-no-key.sh", "targetReplicas is missing"},
      {"answers-wrong-key.sh", "targetReplicas is missing; did you mean it by \"targetReplica\"?"},
  });
}

TEST_CASE("evil: a number that is no count of replicas never scales", "[evil]") {
  check_all_refused({
      {"answers-nan.sh", "unexpected character at byte 19"},
      {"answers-infinity.sh", "unexpected character at byte 19"},
      {"answers-negative-infinity.sh", "at byte 20"},
      {"answers-negative.sh", "targetReplicas is -9, which is negative"},
      {"answers-two-to-the-31.sh", "targetReplicas is 2147483648, which is more than 2147483647"},
      {"answers-two-to-the-64.sh", "18446744073709551625, which is more than 2147483647"},
      {"answers-1e400.sh", "targetReplicas is 1e400, which is more than 2147483647"},
      {"answers-tiny.sh", "targetReplicas is 9e-400, which is not a whole number"},
      {"answers-fraction.sh", "targetReplicas is 8.6, which is not a whole number"},
      {"answers-long-number.sh", "which is more than 2147483647"},
  });
}

TEST_CASE("evil: an answer that says two things never scales", "[evil]") {
  check_all_refused({
      {"answers-duplicate-keys.sh", "targetReplicas is given more than once with different values"},
      {"answers-hold-and-number.sh", "both targetReplicas and hold are given"},
      {"answers-two-documents.sh", "unexpected text after the JSON value at byte 22"},
      {"answers-text-after.sh", "unexpected text after the JSON value at byte 22"},
      {"answers-log-lines-first.sh", "unexpected character at byte 0"},
  });
}

TEST_CASE("evil: an answer of strange bytes never scales", "[evil]") {
  check_all_refused({
      {"answers-byte-order-mark.sh", "the answer begins with a byte order mark"},
      {"answers-nul-bytes.sh", "expected '}' at byte 20"},
      {"answers-invalid-utf8.sh", "targetReplicas is missing"},
      {"answers-control-characters.sh", "unexpected character at byte 0"},
      {"answers-binary-junk.sh", "unexpected character at byte 0"},
      {"answers-deep-nesting.sh", "nested too deeply"},
  });
}

TEST_CASE("evil: whatever metric logic prints, evaluate logic gets valid JSON", "[evil]") {
  Victim victim;
  const std::string seen = victim.setup.folder.file("seen");
  victim.play(evaluate_stage, "/bin/sh",
              "-c 'cat > " + seen + "; echo \"{\\\"targetReplicas\\\": 4}\"'");
  for (const char* script :
       {"answers-nothing.sh", "answers-half-a-document.sh", "answers-byte-order-mark.sh",
        "answers-nul-bytes.sh", "answers-invalid-utf8.sh", "answers-control-characters.sh",
        "answers-binary-junk.sh", "answers-deep-nesting.sh", "answers-long-number.sh"}) {
    INFO("metric logic: " << script);
    victim.play(metric_stage, Victim::kit(script));

    const nlohmann::json record = victim.run();

    CHECK(record.at("action") == "unchanged");
    CHECK(record.at("metrics").at("count") == 1);
    const auto input = nlohmann::json::parse(read_file(seen));  // throws on invalid JSON or UTF-8
    CHECK(input.at("metrics").at(0).at("resource") == "shop");
    victim.check_is_well();
  }
}
