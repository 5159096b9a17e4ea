#pragma once

#include <string>
#include <string_view>

#include "cpab/io/file.h"

namespace cpab {

/// Replaces the content of a file so that whoever reads it, also after a SIGKILL or a power cut at
/// any moment, finds the old content or the new one, never a part. The file is readable for its
/// owner only, and on disk when the call returns. Works on `<path>.tmp` beside it, which is gone
/// afterwards whatever happens, SIGKILL aside; the next call takes that one away. Throws FileError;
/// the old content is then still there, unless only the last step failed, syncing the folder.
void replace_file(const std::string& path, std::string_view content);

}  // namespace cpab
