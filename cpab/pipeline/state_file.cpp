#include "cpab/pipeline/state_file.h"

#include "cpab/io/atomic_file.h"
#include "cpab/io/logging.h"

namespace cpab {

std::optional<SavedState> StateFile::read() const {
  if (!enabled()) return std::nullopt;
  try {
    const std::optional<std::string> text = read_small_file(path_, max_state_bytes);
    if (!text) return std::nullopt;
    return decode_state(*text);
  } catch (const FileError& error) {
    throw StateError(error.what());
  }
}

bool StateFile::write(const SavedState& state) {
  try {
    replace_file(path_, encode_state(state));
  } catch (const FileError& error) {
    if (!failing_.exchange(true)) {
      log_warning(std::string("The state is not saved and would not survive a restart: ") +
                  error.what());
    }
    return false;
  }
  if (failing_.exchange(false)) log_info("State file " + path_ + " can be written again");
  return true;
}

}  // namespace cpab
