#include "cpab/model/mode.h"

namespace cpab {

std::string_view to_string(Mode mode) { return mode == Mode::active ? "active" : "shadow"; }

std::optional<Mode> parse_mode(std::string_view text) {
  for (const Mode mode : {Mode::active, Mode::shadow}) {
    if (text == to_string(mode)) return mode;
  }
  return std::nullopt;
}

}  // namespace cpab
