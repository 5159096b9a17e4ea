#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cpab/model/memory_account.h"

namespace cpab {

/// Why something is not a whole file of gzip.
struct GzipError : std::runtime_error {
  enum class Kind {
    cut,        ///< it ends too early
    damaged,    ///< it is something else, or does not match its checksum
    too_large,  ///< what is in it is longer than allowed
  };
  GzipError(Kind error_kind, const std::string& message)
      : std::runtime_error(message), kind(error_kind) {}
  Kind kind;
};

/// What was compressed into `bytes` (RFC 1952, all members), `limit` bytes at most. Throws
/// GzipError unless it is whole: its end, checksum and length are looked at. `memory` counts it;
/// null: it is not counted.
std::string gunzip(std::string_view bytes, std::size_t limit, MemoryShare* memory = nullptr);

}  // namespace cpab
