#include "cpab/io/request_target.h"

#include <cctype>
#include <cstddef>

namespace cpab {
namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

}  // namespace

bool is_valid_target(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  for (std::size_t i = path.find('%'); i != path.npos; i = path.find('%', i + 1)) {
    if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) return false;
  }
  return true;
}

std::string origin_form(std::string target) {
  const auto scheme = target.find("://");
  if (target.empty() || target.front() == '/' || scheme == std::string::npos) return target;
  const auto path = target.find_first_of("/?", scheme + 3);
  if (path == std::string::npos) return "/";
  return target[path] == '?' ? "/" + target.substr(path) : target.substr(path);
}

}  // namespace cpab
