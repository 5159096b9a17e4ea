#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "cpab/model/redaction.h"

namespace cpab {

/// Takes one finished log record, line break included.
using LogOutput = std::function<void(std::string_view record)>;

struct LogSettings {
  bool json = false;           ///< one JSON object a line: `time`, `level`, `message`
  std::int32_t verbosity = 0;  ///< `logVerbosity`, contract section 8
  Redaction redaction;         ///< what takes secrets out of each message
  LogOutput output;            ///< empty = standard error; called by one thread at a time
};

/// How and what is logged from now on. Without a call: text, verbosity 0, standard error.
///
/// A text record is `2026-01-31T14:05:30.250Z INFO  message`. Line breaks within the message are
/// followed by an indent and what printable() spells out is written `\x1b`, so that what user logic
/// prints can neither pass for a record of ours nor play with a terminal.
///
/// Writing to standard error never blocks for long: once nobody reads it, records are dropped and
/// counted until somebody does.
void set_up_logging(const LogSettings& settings);

/// Whether a message of this verbosity is printed: `logVerbosity` is at least that. Level 0 is what
/// `log_info` has, so a negative `logVerbosity` silences that too.
bool verbose(int verbosity);

/// All of these are safe to call from any thread.
void log_verbose(int verbosity, std::string_view message);  ///< when verbose(verbosity)
void log_info(std::string_view message);                    ///< verbosity 0
void log_warning(std::string_view message);                 ///< always
void log_error(std::string_view message);                   ///< always

}  // namespace cpab
