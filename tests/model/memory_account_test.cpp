#include "cpab/model/memory_account.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

constexpr std::size_t mebi = 1u << 20;

/// What a MemoryError says when `share` is to hold so many bytes more; empty: there is room.
std::string complaint(MemoryShare& share, std::size_t bytes) {
  try {
    share.grow(bytes);
    return "";
  } catch (const MemoryError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("MemoryPool: takes what there is room for, and nothing in part", "[model]") {
  MemoryPool pool(10, "limit");

  CHECK(pool.take(6));
  CHECK_FALSE(pool.take(5));
  CHECK(pool.taken() == 6);
  CHECK(pool.take(4));
  pool.give_back(10);
  CHECK(pool.taken() == 0);
  CHECK_FALSE(pool.take(static_cast<std::size_t>(-1)));
}

TEST_CASE("MemoryShare: gives back what it holds, however it ends", "[model]") {
  MemoryPool pool(100, "limit");
  const auto account = std::make_shared<MemoryAccount>(pool);
  {
    MemoryShare one(account, "one");
    one.grow(60);
    MemoryShare moved = std::move(one);
    CHECK(pool.taken() == 60);
    moved.shrink_to(20);
    CHECK(pool.taken() == 20);
    MemoryShare other(account, "other");
    other.grow(30);
    other = std::move(moved);
    CHECK(pool.taken() == 20);
    CHECK(other.bytes() == 20);
  }
  CHECK(pool.taken() == 0);
}

TEST_CASE("MemoryShare: without an account there is always room", "[model]") {
  MemoryShare share;
  share.grow(static_cast<std::size_t>(1) << 40);
  std::string text;
  share.append(text, "abc");
  CHECK(text == "abc");
}

TEST_CASE("MemoryShare: who is over is told, and the largest are named", "[model]") {
  MemoryPool pool(64 * mebi, "maxCycleBytes");
  const auto account = std::make_shared<MemoryAccount>(pool);
  std::vector<MemoryShare> shares;
  for (std::size_t i = 0; i < 7; ++i) {
    shares.emplace_back(account, "the metric of pod web-" + std::to_string(i));
    shares.back().grow((i + 1) * mebi);
  }
  MemoryShare more(account, "the metric of pod web-7");
  more.grow(mebi);

  CHECK(complaint(more, 40 * mebi) ==
        "what this cycle keeps in memory, 29.0 MiB and 40.0 MiB more for the metric of pod web-7, "
        "is more than maxCycleBytes (64.0 MiB); the largest of 8: the metric of pod web-6 7.0 MiB, "
        "the metric of pod web-5 6.0 MiB, the metric of pod web-4 5.0 MiB, the metric of pod web-3 "
        "4.0 MiB, the metric of pod web-2 3.0 MiB; let user logic print less, or raise "
        "maxCycleBytes");
  CHECK(more.bytes() == mebi);
  CHECK(pool.taken() == 29 * mebi);
}

TEST_CASE("MemoryShare: who finds no room because of others is told that", "[model]") {
  MemoryPool pool(64 * mebi, "maxCycleBytes");
  MemoryShare other(std::make_shared<MemoryAccount>(pool), "the metric of shop");
  other.grow(60 * mebi);
  MemoryShare mine(std::make_shared<MemoryAccount>(pool), "the metric of shop");
  mine.grow(mebi);

  CHECK(complaint(mine, 16 * mebi) ==
        "there is no memory for 16.0 MiB more for the metric of shop: cycles at the same time hold "
        "61.0 MiB of the maxCycleBytes (64.0 MiB) that they share, this one 1.0 MiB of it; the "
        "largest of 1: the metric of shop 1.0 MiB; try again later, or raise maxCycleBytes");
  other.shrink_to(0);
  CHECK(complaint(mine, 16 * mebi).empty());
}

TEST_CASE("MemoryShare: a text that is copied as it grows counts twice for that time", "[model]") {
  MemoryPool pool(1000, "limit");
  MemoryShare share(std::make_shared<MemoryAccount>(pool), "text");
  std::string text;
  text.reserve(400);

  share.append(text, std::string(400, 'a'));
  CHECK(share.bytes() == 400);
  CHECK_THROWS_AS(share.append(text, std::string(201, 'b')), MemoryError);
  CHECK(text == std::string(400, 'a'));
  CHECK(share.bytes() == 400);
  share.append(text, std::string(200, 'b'));
  CHECK(text.size() == 600);
  CHECK(share.bytes() == 600);
}

TEST_CASE("bytes_text: in the unit that fits", "[model]") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(1023) == "1023 bytes");
  CHECK(bytes_text(1536) == "1.5 KiB");
  CHECK(bytes_text(64 * mebi) == "64.0 MiB");
  CHECK(bytes_text(3000 * mebi) == "3000.0 MiB");
}
