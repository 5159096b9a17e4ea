#include "cpab/api/decision_routes.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

namespace {

void add_records(DecisionLog& log, int count, std::size_t bytes) {
  DecisionRecord record;
  record.message = std::string(bytes, 'x');
  for (int i = 0; i < count; ++i) log.add(record);
}

ServerResponse list(const DecisionLog& log) {
  ServerRequest request;
  request.target = "/api/v1/decisions?limit=1000";
  return show_decisions(log, request);
}

std::string joined(const DecisionLog& log) {
  std::string text;
  for (const auto& line : log.find({.limit = 1000})) text += (text.empty() ? "" : ",") + *line;
  return "[" + text + "]";
}

}  // namespace

TEST_CASE("GET decisions: a short list is sent at once", "[api]") {
  DecisionLog log;
  CHECK(list(log).body == "[]");
  add_records(log, 20, 100);
  const ServerResponse response = list(log);
  CHECK_FALSE(response.stream);
  CHECK(response.body == joined(log));
}

TEST_CASE("GET decisions: a long list is sent in pieces, and holds no copy of them", "[api]") {
  DecisionLog log;
  add_records(log, 30, 10'000);
  const DecisionLog::Line first = log.find({.limit = 1000}).front();
  const std::string expected = joined(log);

  ServerResponse response = list(log);
  CHECK(header(response.headers, "Content-Type") == "application/json; charset=utf-8");
  CHECK(response.body.empty());
  REQUIRE(response.stream);
  CHECK(response.stream_has_end);
  add_records(log, 5, 10);  // those are not in the list
  std::string text;
  while (const auto piece = response.stream()) {
    CHECK(piece->size() < 100'000);
    text += *piece;
  }
  CHECK(text == expected);
  CHECK(first.use_count() == 2);  // ours, and the log's
}
