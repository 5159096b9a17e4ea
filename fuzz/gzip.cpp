#include "cpab/io/gzip.h"

#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

constexpr std::size_t limit = 1u << 20;

bool is_whole(std::string_view input) {
  try {
    require(gunzip(input, limit).size() <= limit, "what comes out keeps to its limit");
    return true;
  } catch (const GzipError&) {
    return false;
  }
}

}  // namespace

void fuzz_gzip(std::string_view input) {
  if (!is_whole(input)) return;
  require(!is_whole(input.substr(0, input.size() - 1)), "without its last byte it is not whole");
}

}  // namespace cpab
