#include "cpab/simulation/yaml.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("yaml: scalars mean what kubectl takes them for", "[simulation]") {
  const auto documents = yaml_documents(
      R"({a: 1, b: -2.5, c: true, d: yes, e: no, f: ~, g: null, h: "1", i: 'true', j: 1.2.3,
          k: 1e3, l: +1, m: 0644x, n: "", o: 99999999999999999999, p: [x, {y: z}], q: 1d})");

  REQUIRE(documents.size() == 1);
  CHECK(documents[0].text() ==
        R"({"a":1,"b":-2.5,"c":true,"d":true,"e":false,"f":null,"g":null,"h":"1","i":"true",)"
        R"("j":"1.2.3","k":1000.0,"l":"+1","m":"0644x","n":"","o":1e+20,"p":["x",{"y":"z"}],)"
        R"("q":"1d"})");
}

TEST_CASE("yaml: a stream of documents, the empty ones left out", "[simulation]") {
  const auto documents = yaml_documents("---\na: 1\n---\n---\n# nothing\n---\n{\"b\":2}\n");

  REQUIRE(documents.size() == 2);
  CHECK(documents[1].text() == R"({"b":2})");
  CHECK(yaml_documents("").empty());
}

TEST_CASE("yaml: what is none is refused, and so is too much of it", "[simulation]") {
  CHECK_THROWS_AS(yaml_documents("a: [b"), JsonError);
  CHECK_THROWS_AS(yaml_documents("{[a]: b}"), JsonError);
  CHECK_THROWS_WITH(yaml_documents(std::string(100'001, '[')),
                    "the YAML has more than 100000 lines, commas and brackets");
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name < 'h'; ++name) {
    const auto before = std::string("*") + static_cast<char>(name - 1);
    bomb += std::string(1, name) + ": &" + name + " [";
    for (int i = 0; i < 10; ++i) bomb += (i == 0 ? "" : ",") + before;
    bomb += "]\n";
  }
  CHECK_THROWS_WITH(yaml_documents(bomb), "the YAML has too many values");
}
