#include "cpab/io/head_and_tail.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("HeadAndTail: what fits is kept whole, of more the two ends", "[io]") {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 50u}) {
      HeadAndTail kept(8);
      const std::string added = text.substr(0, length);
      for (std::size_t at = 0; at < length; at += piece) kept.add(added.substr(at, piece));
      CHECK(kept.total() == length);
      CHECK(kept.text() == (length <= 8 ? added : added.substr(0, 4) + added.substr(length - 4)));
    }
  }
}
