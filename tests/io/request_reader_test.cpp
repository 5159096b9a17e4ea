#include "cpab/io/request_reader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

using namespace cpab;

namespace {

using Progress = RequestReader::Progress;

constexpr std::size_t max_body_bytes = 4096;

/// Feeds `text` in pieces of at most `piece` bytes and describes all that comes of it: `GET /
/// |body` for each request, `400` for a refusal, after which nothing is read.
std::vector<std::string> read_all(std::string_view text, std::size_t piece) {
  HttpServerOptions options;
  options.max_body_bytes = max_body_bytes;
  RequestReader reader(options);
  std::vector<std::string> found;
  while (!text.empty() || reader.has_input()) {
    const auto room = reader.room();
    const auto count = std::min({room.size(), piece, text.size()});
    std::memcpy(room.data(), text.data(), count);
    reader.arrived(count);
    text.remove_prefix(count);
    Progress progress = reader.advance();
    while (progress == Progress::begins_body) progress = reader.advance();
    if (progress == Progress::refused) {
      found.push_back(reader.refused_with().substr(std::strlen("HTTP/1.1 "), 3));
      return found;
    }
    if (progress == Progress::needs_more && count == 0) break;
    if (progress != Progress::complete) continue;
    const ServerRequest request = reader.take();
    found.push_back(request.method + " " + request.target + "|" + request.body);
    reader.begin();
  }
  return found;
}

/// The same whether the bytes come at once or one by one.
std::vector<std::string> outcome(std::string_view text) {
  auto at_once = read_all(text, text.size());
  CHECK(at_once == read_all(text, 1));
  return at_once;
}

std::vector<std::string> outcome_of_header(const std::string& lines, const std::string& body = "") {
  return outcome("POST / HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n" + body);
}

using Outcome = std::vector<std::string>;

}  // namespace

TEST_CASE("request reader: requests that follow each other are told apart", "[io]") {
  CHECK(outcome("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
                "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                "2;a=b;c=\"d\"\r\nab\r\n1\r\nc\r\n0\r\nX-Trailer: y\r\n\r\n"
                "GET /4 HTTP/1.0\r\n\r\n") ==
        Outcome{"GET /1|", "POST /2|abc", "POST /3|abc", "GET /4|"});
}

TEST_CASE("request reader: a body of doubtful length is refused", "[io]") {
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto lines =
      GENERATE(as<std::string>{},  //
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
               "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
               "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n",
               "Content-Length: 5\r\nContent-Length: 6\r\n",
               "Content-Length: 5\r\nContent-Length: 5\r\n",  //
               "Content-Length: 5, 5\r\n",                    //
               "Content-Length: 5,\r\n",                      //
               "Content-Length: +5\r\n",                      //
               "Content-Length: -5\r\n",                      //
               "Content-Length: 0x5\r\n",                     //
               "Content-Length: 5 5\r\n",                     //
               "Content-Length:\r\n",                         //
               "Content-Length: 99999999999999999999\r\n",
               "Content-Length : 5\r\n",  //
               "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: identity\r\n",
               "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, gzip\r\n",
               "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: xchunked\r\n",
               "Transfer-Encoding: \"chunked\"\r\n",
               "Transfer-Encoding: chunked;q=1\r\n",  //
               "Transfer-Encoding:\r\n",              //
               "Transfer-Encoding : chunked\r\n",
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
               "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
               "Transfer-Encoding:\r\n chunked\r\n");
  CAPTURE(lines);
  CHECK(outcome_of_header(lines, smuggled) == Outcome{"400"});
}

TEST_CASE("request reader: an old client cannot send chunks", "[io]") {
  CHECK(outcome("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        Outcome{"400"});
}

TEST_CASE("request reader: headers that readers disagree about are refused", "[io]") {
  const auto lines = GENERATE(as<std::string>{},              //
                              "X: a\r\n folded\r\n",          //
                              "X: a\r\n\tfolded\r\n",         //
                              " X: a\r\n",                    //
                              "X: a\nY: b\r\n",               //
                              "X: a\rY: b\r\n",               //
                              std::string("X: a\0b\r\n", 8),  //
                              std::string("X\0: a\r\n", 7),   //
                              "X: a\x01\r\n",                 //
                              "X: a\x7f\r\n",                 //
                              "X a\r\n",                      //
                              ": a\r\n",                      //
                              "X\t: a\r\n",                   //
                              "Host: y\r\n");
  CAPTURE(lines);
  CHECK(outcome_of_header(lines) == Outcome{"400"});
}

TEST_CASE("request reader: chunks that readers disagree about are refused", "[io]") {
  const auto body = GENERATE(
      as<std::string>{},                //
      "3\nabc\r\n0\r\n\r\n",            //
      "3\r\nabc0\r\n\r\n",              //
      "3\r\nabcd\r\n0\r\n\r\n",         //
      "+3\r\nabc\r\n0\r\n\r\n",         //
      "0x3\r\nabc\r\n0\r\n\r\n",        //
      "-1\r\nabc\r\n0\r\n\r\n",         //
      "\r\nabc\r\n0\r\n\r\n",           //
      "3;a=\n\r\nabc\r\n0\r\n\r\n",     //
      "3;a=b\nGET / HTTP/1.1\r\n\r\n",  //
      "3;a=\"\r\nabc\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n\"",
      "3;a=\"\nabc\r\n0\r\n\r\n",         //
      "3;a=\"\rb\"\r\nabc\r\n0\r\n\r\n",  //
      "3;a=\"\\\r\n\"\r\nabc\r\n0\r\n\r\n", std::string("3;a\0=b\r\nabc\r\n0\r\n\r\n", 17),
      std::string("3;a=\"\0\"\r\nabc\r\n0\r\n\r\n", 19), std::string("3\0\r\nabc\r\n0\r\n\r\n", 14),
      "3;a=\"\x80\"\r\nabc\r\n0\r\n\r\n",  //
      "3;\r\nabc\r\n0\r\n\r\n",            //
      "3;=a\r\nabc\r\n0\r\n\r\n",          //
      "3;a=\"b\r\nabc\r\n0\r\n\r\n",       //
      "3;a=\"b\"c\r\nabc\r\n0\r\n\r\n",    //
      "3;a b\r\nabc\r\n0\r\n\r\n",         //
      "3 \r\nabc\r\n0\r\n\r\n",            //
      " 3\r\nabc\r\n0\r\n\r\n",            //
      "3\t;a=b\r\nabc\r\n0\r\n\r\n",       //
      "3;a=" + std::string(2000, 'b') + "\r\nabc\r\n0\r\n\r\n",
      "3\r\nabc\n0\r\n\r\n",  //
      "3\r\nabc\r0\r\n\r\n",  //
      "ffffffffffffffff1\r\nabc\r\n0\r\n\r\n");
  CAPTURE(body);
  CHECK(outcome_of_header("Transfer-Encoding: chunked\r\n", body) == Outcome{"400"});
}

TEST_CASE("request reader: trailers that readers disagree about are refused", "[io]") {
  const auto trailer = GENERATE(as<std::string>{},              //
                                "X: a\r\n folded\r\n",          //
                                "X: a\r\n\tfolded\r\n",         //
                                " X: a\r\n",                    //
                                "\tX: a\r\n",                   //
                                "X: a\nY: b\r\n",               //
                                "X: a\rY: b\r\n",               //
                                std::string("X: a\0b\r\n", 8),  //
                                std::string("X\0: a\r\n", 7),   //
                                "X : a\r\n",                    //
                                "X\r\n",                        //
                                ": a\r\n",                      //
                                "X: \x01\r\n",                  //
                                "X: " + std::string(2000, 'a') + "\r\n", "\n");
  CAPTURE(trailer);
  CHECK(outcome_of_header("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n" + trailer + "\r\n") ==
        Outcome{"400"});
}

TEST_CASE("request reader: chunks of every form are put together", "[io]") {
  const auto body = GENERATE(as<std::string>{},                    //
                             "3\r\nabc\r\n0\r\n\r\n",              //
                             "1\r\na\r\n02\r\nbc\r\n000\r\n\r\n",  //
                             "3;a;b=c;d=\"e f\\\"g;\"\r\nabc\r\n0;x=\"\"\r\n\r\n",
                             "3\r\nabc\r\n0\r\nX: y\r\nZ:\r\nA: b c \r\n\r\n",
                             "0000000000000003\r\nabc\r\n0\r\n\r\n");
  CAPTURE(body);
  CHECK(outcome_of_header("Transfer-Encoding: chunked\r\n", body + "GET /2 HTTP/1.0\r\n\r\n") ==
        Outcome{"POST /|abc", "GET /2|"});
}

TEST_CASE("request reader: a body is as long as allowed, whatever its form", "[io]") {
  const auto of = [](std::size_t size) { return std::string(size, 'x'); };
  const std::string chunks = "800\r\n" + of(0x800) + "\r\n800\r\n" + of(0x800) + "\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const Outcome most = {"POST /|" + of(max_body_bytes)};

  CHECK(outcome_of_header(chunked, chunks + "0\r\n\r\n") == most);
  CHECK(outcome_of_header(chunked, chunks + "1\r\n") == Outcome{"413"});
  CHECK(outcome_of_header(chunked, "ffffffffffffffff\r\n") == Outcome{"413"});
  CHECK(outcome_of_header("Content-Length: 4096\r\n", of(max_body_bytes)) == most);
  CHECK(outcome_of_header("Content-Length: 4097\r\n") == Outcome{"413"});
}

TEST_CASE("request reader: request lines that readers disagree about are refused", "[io]") {
  const auto [line, status] = GENERATE(table<std::string, std::string>({
      {"GET  / HTTP/1.1", "400"},
      {"GET\t/ HTTP/1.1", "400"},
      {" GET / HTTP/1.1", "400"},
      {"GET /", "400"},
      {"G(T / HTTP/1.1", "400"},
      {"GET /\x01 HTTP/1.1", "400"},
      {"GET / HTTP/1.1\nHost: x", "505"},  // what follows the target is taken for the version
      {"GET / HTTP/1.1 ", "505"},
      {"GET / /b HTTP/1.1", "505"},
  }));
  CAPTURE(line);
  CHECK(outcome(line + "\r\nHost: x\r\n\r\n") == Outcome{status});
}
