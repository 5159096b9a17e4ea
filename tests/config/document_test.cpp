#include "cpab/config/document.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

/// The tree on one line: strings in quotes, other scalars by their meaning, lines left out.
std::string flat(const Node& node) {
  std::string text;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::string:
      return "'" + node.text + "'";
    case Node::Kind::boolean:
    case Node::Kind::integer:
    case Node::Kind::floating:
      return node.text;
    case Node::Kind::list:
      for (const Node& element : node.elements) text += (text.empty() ? "" : ",") + flat(element);
      return "[" + text + "]";
    case Node::Kind::map:
      for (const Member& member : node.members) {
        text += (text.empty() ? "" : ",") + member.key + ":" + flat(member.value);
      }
      return "{" + text + "}";
  }
  return text;
}

std::string read(std::string_view text) { return flat(parse_document(text).root); }

std::string error(std::string_view text) {
  try {
    parse_document(text);
    return "none";
  } catch (const DocumentError& failure) {
    return failure.what();
  }
}

TEST_CASE("document: a brace within the first ten bytes makes it JSON", "[config]") {
  CHECK(parse_document("{}").language == Language::json);
  CHECK(parse_document(" \t\r\n {}").language == Language::json);
  CHECK(parse_document("         {}").language == Language::json);  // the brace is byte ten
  CHECK(parse_document("          {}").language == Language::yaml);
  CHECK(parse_document("# c\n{interval: 5}").language == Language::yaml);
  CHECK(parse_document("\xEF\xBB\xBF{interval: 5}").language == Language::yaml);
  CHECK(parse_document("[]").language == Language::yaml);
  CHECK(error("{interval: 5}").find("json: ") == 0);
  CHECK(read("# c\n{interval: 5}") == "{interval:5}");
  CHECK(read("\xEF\xBB\xBF{interval: 5}") == "{interval:5}");
  CHECK(read("          {interval: 5}") == "{interval:5}");
}

TEST_CASE("document: nothing at all is EOF, nothing but comments is null",
          "[config][contract-15]") {
  CHECK(error("") == "EOF");
  CHECK(read(" ") == "null");
  CHECK(read("\n\n") == "null");
  CHECK(read("# only a comment") == "null");
  CHECK(read("---") == "null");
  CHECK(read("---\n") == "null");
  CHECK(read("null") == "null");
}

TEST_CASE("yaml: only the first document counts", "[config][contract-13]") {
  CHECK(read("a: 1\n---\nb: 2\n") == "{a:1}");
  CHECK(parse_document("a: 1\n---\nb: 2\n").ignored_from_line == 2);
  CHECK(read("---\na: 1\n---\n: {{ malformed\n") == "{a:1}");
  CHECK(read("--- # note\na: 1\n") == "{a:1}");
  CHECK(read("# licence\n\n---\na: 1\n") == "{a:1}");
  CHECK(read("%YAML 1.1\n---\na: 1\n") == "{a:1}");
  CHECK(read("---\n---\na: 1\n") == "null");
  CHECK(read("a: 1\n...\nb: {{\n") == "{a:1}");
  CHECK(parse_document("a: 1\n").ignored_from_line == 0);
  CHECK(parse_document("a: 1\n...\n# c\nb: 2\n---\nc: 3\n").ignored_from_line == 4);
  CHECK(parse_document("a: 1\n... # c\n\n").ignored_from_line == 0);
  CHECK(parse_document("a: |\n  ...\n  b\n").ignored_from_line == 0);
}

TEST_CASE("yaml: a separator line with other text is refused", "[config][contract-13]") {
  CHECK(error("--- x\na: 1\n") == "invalid Yaml document separator: x (line 1)");
  CHECK(error("a: 1\n--- foo bar \nb: 1\n") == "invalid Yaml document separator: foo bar (line 2)");
  CHECK(error("----\n") == "invalid Yaml document separator: - (line 1)");
}

TEST_CASE("yaml: quoted and block scalars are strings", "[config]") {
  CHECK(read("a: '1'\nb: \"yes\"\nc: |\n  12\nd: >-\n  null\n") ==
        "{a:'1',b:'yes',c:'12\n',d:'null'}");
  CHECK(read("a: !!str 12\nb: !!int 12\nc: !!float 3\nd: !own yes\n") ==
        "{a:'12',b:12,c:3,d:'yes'}");
  CHECK(error("a: !!int x\n").find("cannot decode the value as a !!int") != std::string::npos);
}

TEST_CASE("yaml: anchors, aliases and merge keys", "[config]") {
  CHECK(read("a: &x {p: 1}\nb: *x\n") == "{a:{p:1},b:{p:1}}");
  CHECK(read("a: &x 5\nb: [*x, *x]\n") == "{a:5,b:[5,5]}");
  CHECK(read("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n") == "{a:{p:1,q:2},b:{p:1,q:3}}");
  CHECK(read("b: {q: 3, <<: {p: 1, q: 2}}\n") == "{b:{p:1,q:3}}");
  CHECK(read("<<: [{p: 1}, {p: 2, q: 2}]\n") == "{p:1,q:2}");
  CHECK(read("'<<': 5\n") == "{<<:5}");
  CHECK(error("<<: 5\n").find("map merge requires") != std::string::npos);
  CHECK(error("<<: [1]\n").find("map merge requires") != std::string::npos);
  CHECK(error("a: *nowhere\n") != "none");
  CHECK(error("a: &x [*x]\n").find("contains itself") != std::string::npos);
}

TEST_CASE("yaml: keys are text, in byte order, the last of equal ones wins", "[config]") {
  CHECK(read("b: 1\nB: 2\na: 3\n") == "{B:2,a:3,b:1}");
  CHECK(read("a: {x: 1}\nb: 0\na: {z: 2}\n") == "{a:{z:2},b:0}");
  CHECK(read("1: a\nyes: b\n1.50: c\n") == "{1:'a',1.5:'c',true:'b'}");
  CHECK(error("~: 1\n").find("a key is null") != std::string::npos);
  CHECK(error("[a]: 1\n") != "none");
}

TEST_CASE("yaml: what is malformed is refused with its line", "[config]") {
  const std::string text = GENERATE(values<std::string>(
      {"a: b: c\n  - d\n", "x: 1\n\ty: 2\n", "a:\n\tb: 2\n", "a:\n\t- 1\n", "a: [1\n", "a: {b\n",
       "a: \"open\n", "a: @x\n", "a: 1\n b: 2\n", "a: 'x\n", "- a\nb: 1\n"}));

  CAPTURE(text);
  CHECK(error(text).find("yaml: line ") == 0);
}

TEST_CASE("yaml: a tab is no indentation, but fine elsewhere", "[config]") {
  CHECK(error("a:\n\tb: 2\n") != "none");
  CHECK(read("a:\t1\n") == "{a:1}");
  CHECK(read("a: [1,\n\t2]\n") == "{a:[1,2]}");
  CHECK(read("a: |\n  x\ty\n") == "{a:'x\ty\n'}");
  CHECK(read("a: 1\t# comment\n") == "{a:1}");
}

TEST_CASE("yaml: CRLF is a line break", "[config]") {
  CHECK(read("---\r\na: 1\r\nb:\r\n  - x\r\n---\r\nc: 1\r\n") == "{a:1,b:['x']}");
}

TEST_CASE("yaml: nodes know their lines", "[config]") {
  const Document document = parse_document("# c\na: 1\nb:\n  c:\n    - x\n    - y\n");

  REQUIRE(document.root.members.size() == 2);
  CHECK(document.root.members[0].line == 2);
  CHECK(document.root.members[1].line == 3);
  CHECK(document.root.members[1].value.members.at(0).value.elements.at(1).line == 6);
}

TEST_CASE("json: only the first value is read", "[config][contract-14]") {
  CHECK(read(R"({"interval":5} garbage)") == "{interval:5}");
  CHECK(read(R"({"a":"}"}{"b":1)") == "{a:'}'}");
  CHECK(error(R"({"interval":5,})").find("json: ") == 0);
  CHECK(error(R"({"interval": 1,,})").find("json: ") == 0);
  CHECK(error("{\"a\":1 // c\n}").find("json: ") == 0);
  CHECK(error(R"({"a":)") == "unexpected EOF");
  CHECK(error("{") == "unexpected EOF");
  CHECK(error(R"({"a":"b)") == "unexpected EOF");
}

TEST_CASE("json: keeps source order and duplicates", "[config]") {
  CHECK(read(R"({"b":1,"a":[true,null,"x",1.50,1e3],"b":{}})") ==
        "{b:1,a:[true,null,'x',1.50,1e3],b:{}}");
  CHECK(read(R"({"a":"\u00e9\n"})") == "{a:'\xC3\xA9\n'}");
  CHECK(read("{\"a\":\"x\xFFy\"}") == "{a:'x\xEF\xBF\xBDy'}");
}

TEST_CASE("json: what is behind the first value is known", "[config][contract-14]") {
  CHECK(parse_document("{\"a\":\n1}\n \t\r\n").ignored_from_line == 0);
  CHECK(parse_document("{\"a\":\n1}\n\n{\"b\":2}").ignored_from_line == 4);
  CHECK(parse_document("{} x").ignored_from_line == 1);
}

TEST_CASE("document: a key knows of an equal one before it", "[config]") {
  const auto earlier = [](std::string_view text) {
    std::vector<int> lines;
    for (const Member& member : parse_document(text).root.members) {
      lines.push_back(member.earlier_line);
    }
    return lines;
  };
  using Lines = std::vector<int>;
  CHECK(earlier("a: 1\nb: 2\na: 3\n\na: 4\n") == Lines{3, 0});
  CHECK(earlier("{\"a\": 1,\n\"b\": 2,\n\"a\": 3}") == Lines{0, 0, 1});
  CHECK(earlier("{\"a\": 1, \"A\": 3}") == Lines{0, 0});
  // What is merged in is there to be replaced.
  CHECK(earlier("x: &x {a: 1, a: 2}\n<<: *x\na: 3\n") == Lines{0, 0});
  CHECK(parse_document("x: {a: 1, a: 2}\n").root.members[0].value.members[0].earlier_line == 1);
}

TEST_CASE("yaml: all documents of a manifest, and the lines in it", "[config]") {
  const auto documents = parse_yaml_documents("# c\na: 1\n---\n\n---\nb: [\n2]\n", {});

  REQUIRE(documents.size() == 3);
  CHECK(flat(documents[0].root) == "{a:1}");
  CHECK(flat(documents[1].root) == "null");
  CHECK(flat(documents[2].root) == "{b:[2]}");
  CHECK(documents[0].ignored_from_line == 0);
  CHECK(documents[2].root.members[0].line == 6);
  CHECK(documents[2].root.members[0].value.elements[0].line == 7);
  CHECK_THROWS_WITH(parse_yaml_documents("a: 1\n---\nb: [\n", {}),
                    Catch::StartsWith("in the document that begins in line 2: yaml: line "));
  CHECK_THROWS_WITH(parse_yaml_documents("a: 12345\n", {.bytes = 5}),
                    "it has 9 bytes; at most 5 "
                    "are read");
  CHECK_THROWS_AS(parse_yaml_documents("[1, 2, 3, 4]", {.nodes = 4}), DocumentError);
  CHECK(parse_yaml_documents("", {}).empty());
}

TEST_CASE("json: nodes know their lines", "[config]") {
  const Document document = parse_document("\n{\n\"a\":\n 1,\n\"b\": [\n2]}");

  REQUIRE(document.root.members.size() == 2);
  CHECK(document.root.members[0].line == 4);
  CHECK(document.root.members[1].value.elements.at(0).line == 6);
}

TEST_CASE("document: deep nesting is refused, not run into", "[config]") {
  for (const char* unit : {"[", "{", "{\"a\":", "[{", "- ", "? ", "a: [", "&a [", "!t ["}) {
    std::string text;
    while (text.size() < 300'000) text += unit;

    CAPTURE(unit);
    CHECK(error(text) != "none");
  }
  std::string indented;
  for (std::size_t i = 0; i < 700; ++i) indented += std::string(i, ' ') + "a:\n";
  CHECK(error(indented).find("nested more than 100 levels deep") != std::string::npos);
}

TEST_CASE("document: a hundred levels are fine", "[config]") {
  CHECK(error(std::string(100, '[') + std::string(100, ']')) == "none");
  CHECK(error("{\"a\":" + std::string(99, '[') + std::string(99, ']') + "}") == "none");
}

TEST_CASE("document: aliases do not multiply without bound", "[config]") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  CHECK(error(bomb).find("more than 100000 values") != std::string::npos);

  std::string long_scalar = "a: &a " + std::string(1'000'000, 'x') + "\nb: [*a";
  for (int i = 0; i < 10'000; ++i) long_scalar += ", *a";
  CHECK(error(long_scalar + "]\n").find("more than 100000 values") != std::string::npos);
}

TEST_CASE("document: JSON has its limit of values too", "[config]") {
  std::string text = "{\"a\":[1";
  for (int i = 0; i < 100'000; ++i) text += ",1";
  CHECK(error(text + "]}") == "json: more than 100000 values");
}

TEST_CASE("document: nested anchors do not multiply either", "[config]") {
  std::string text;
  for (int i = 0; i < 90; ++i) text += "&a" + std::to_string(i) + " [";
  text += std::string(900'000, 'x') + std::string(90, ']');

  CHECK(error(text).find("more than 100000 values") != std::string::npos);
}

TEST_CASE("document: what the parser would keep much of is refused before it sees it", "[config]") {
  for (const char* piece : {"{", "[", "{\n", "[a,", "a,", "a: \n", "? "}) {
    std::string text = "# YAML to the end\n";
    for (int i = 0; i < 100'000; ++i) text += piece;
    CHECK(error(text) == "yaml: more than 100000 lines, commas and brackets");
  }
}

TEST_CASE("document: long scalars and many keys are read", "[config]") {
  const std::string scalar(1'000'000, 'x');
  CHECK(read("a: " + scalar + "\n") == "{a:'" + scalar + "'}");
  CHECK(read("{\"a\":\"" + scalar + "\"}") == "{a:'" + scalar + "'}");

  std::string keys;
  for (int i = 0; i < 40'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  CHECK(parse_document(keys).root.members.size() == 40'000);
  CHECK(error(std::string((1u << 20) + 1, 'x')).find("at most") != std::string::npos);
}

TEST_CASE("document: bytes that are no text are refused with their line", "[config]") {
  CHECK(error("a: 1\nb: \xFF\xFE\n") == "yaml: line 2: invalid UTF-8");
  CHECK(error(std::string("a: 1\nb: x\0y\n", 12)) ==
        "yaml: line 2: control characters are not allowed");
  CHECK(error("a: \x1b[31m\n") == "yaml: line 1: control characters are not allowed");
  CHECK(error("\x7f"
              "ELF\x02\x01\x01") == "yaml: line 1: control characters are not allowed");
}

TEST_CASE("document: junk of every kind is an error or a tree, never a crash", "[config]") {
  unsigned state = 1;
  const std::string alphabet = "{}[]:,-?&*!|>'\"%@`#~ \n\t\\ab<0.x";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (int i = 0; i < 24; ++i) {
      state = state * 1664525u + 1013904223u;
      text += alphabet[(state >> 16) % alphabet.size()];
    }
    error(text);
  }
  SUCCEED();
}

}  // namespace
}  // namespace cpab
