#include "cpab/api/query.h"

#include "cpab/config/http_url.h"
#include "cpab/io/request_target.h"
#include "cpab/model/percent.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

void check_flag(const Query& query) {
  try {
    const bool set = query.flag("dry_run");
    require(!set || query.find("dry_run").has_value(), "an absent flag is not set");
  } catch (const QueryError&) {
    require(query.find("dry_run").has_value(), "an absent flag is not malformed");
  }
}

}  // namespace

void fuzz_query(std::string_view input) {
  if (is_valid_target(input)) {
    require(percent_decoded(input.substr(0, input.find('?')), false).has_value(),
            "the path of a valid target can be decoded");
  }
  const std::string origin = origin_form(std::string(input));
  require(origin_form(origin) == origin || origin.front() != '/', "the origin form is final");

  const QueryValues values = parse_query(input);
  require(parse_query(encode_query(values)) == values, "what is encoded reads the same");
  try {
    const Query query(input);
    check_flag(query);
    for (const auto& [name, texts] : values) {
      require(query.find(name) == texts.front(), "both parsers find the same first value");
    }
  } catch (const QueryError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
