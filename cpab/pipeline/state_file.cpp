#include "cpab/pipeline/state_file.h"

#include "cpab/io/atomic_file.h"
#include "cpab/io/logging.h"

namespace cpab {

std::optional<SavedState> StateFile::read() const {
  if (!enabled()) return std::nullopt;
  try {
    return decode_state(read_file(path_, {.name = "a state file", .max_bytes = max_state_bytes}));
  } catch (const MissingFileError&) {
    return std::nullopt;
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
