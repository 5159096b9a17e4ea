#include "cpab/io/errno_text.h"

#include <cctype>
#include <system_error>

namespace cpab {

std::string errno_text(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace cpab
