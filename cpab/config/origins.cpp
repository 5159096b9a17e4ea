#include "cpab/config/origins.h"

namespace cpab {
namespace {

constexpr const char* by_default = "default";

std::string top_level_key(const std::string& path) {
  return path.substr(0, path.find_first_of(".["));
}

}  // namespace

void Origins::set(const std::string& path, const std::string& origin) { own_[path] = origin; }

void Origins::replace(const std::string& path, const std::string& origin) { whole_[path] = origin; }

std::string Origins::of(const std::string& path) const {
  const auto whole = whole_.find(top_level_key(path));
  if (whole != whole_.end()) return whole->second;
  const auto own = own_.find(path);
  return own == own_.end() ? by_default : own->second;
}

bool Origins::given(const std::string& path) const { return of(path) != by_default; }

}  // namespace cpab
