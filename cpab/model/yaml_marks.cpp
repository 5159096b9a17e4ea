#include "cpab/model/yaml_marks.h"

#include <algorithm>

namespace cpab {
namespace {

constexpr std::string_view marks = "\n,[]{}?&*!";

}  // namespace

std::size_t yaml_marks(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return marks.find(c) != std::string_view::npos; }));
}

}  // namespace cpab
