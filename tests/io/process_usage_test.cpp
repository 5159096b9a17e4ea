#include "cpab/io/process_usage.h"

#include <catch2/catch.hpp>
#include <thread>

#include "cpab/io/unique_fd.h"

using namespace cpab;

TEST_CASE("process_usage: descriptors and threads are those there are", "[io]") {
  const ProcessUsage before = process_usage();
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const UniqueFd in(ends[0]), out(ends[1]);
  std::stop_source stop;
  const std::jthread thread([token = stop.get_token()] {
    while (!token.stop_requested()) std::this_thread::yield();
  });

  const ProcessUsage during = process_usage();

  stop.request_stop();
  CHECK(during.open_descriptors == before.open_descriptors + 2);
  CHECK(during.threads > before.threads);  // a sanitizer may have begun one of its own
  CHECK(during.open_descriptors < during.max_descriptors);
}

TEST_CASE("process_usage: memory and processor time", "[io]") {
  const ProcessUsage usage = process_usage();
  CHECK(usage.resident_bytes > 1'000'000);
  CHECK(usage.resident_bytes < usage.virtual_bytes);
  CHECK(usage.cpu_seconds > 0);
  CHECK(usage.cpu_seconds < 3'600);
}
