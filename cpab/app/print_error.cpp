#include "cpab/app/print_error.h"

#include <cstdio>

#include "cpab/model/printable.h"

namespace cpab {

void print_error(std::string_view text) {
  std::fprintf(stderr, "%s\n", printable(text, "").c_str());
}

}  // namespace cpab
