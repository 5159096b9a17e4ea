#include "cpab/io/turn_queue.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

namespace {

/// Writes its name down when its turn begins.
struct Taker : TurnTaker {
  Taker(char its_name, std::string& log) : name(its_name), begun(log) {}
  void begin_turn() override { begun += name; }

  char name;
  std::string& begun;
};

using Answer = TurnQueue::Answer;

}  // namespace

TEST_CASE("turn queue: so many at a time, the others in the order in which they came", "[io]") {
  std::string begun;
  Taker a('a', begun), b('b', begun), c('c', begun), d('d', begun), e('e', begun);
  TurnQueue queue(2, 2);

  CHECK(queue.ask(a) == Answer::begins);
  CHECK(queue.ask(b) == Answer::begins);
  CHECK(queue.ask(c) == Answer::waits);
  CHECK(queue.ask(d) == Answer::waits);
  CHECK(queue.ask(e) == Answer::full);
  CHECK(begun == "ab");

  queue.end_turn();
  CHECK(begun == "abc");
  CHECK(queue.ask(e) == Answer::waits);
  queue.end_turn();
  queue.end_turn();
  CHECK(begun == "abcde");
}

TEST_CASE("turn queue: who leaves is passed over, and what nobody wants is kept", "[io]") {
  std::string begun;
  Taker a('a', begun), b('b', begun), c('c', begun);
  TurnQueue queue(1, 5);
  queue.ask(a);
  queue.ask(b);
  queue.ask(c);

  queue.leave(b);
  queue.leave(b);
  queue.end_turn();
  CHECK(begun == "ac");

  queue.end_turn();
  CHECK(queue.ask(b) == Answer::begins);
  CHECK(queue.ask(a) == Answer::waits);
}
