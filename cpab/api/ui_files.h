#pragma once

#include <span>
#include <string_view>

namespace cpab {

/// A file of the dashboard, as it was when this was built.
struct UiFile {
  std::string_view name;  ///< what comes behind `/ui/`; empty: the page itself
  std::string_view content_type;
  std::string_view etag;  ///< quoted
  std::string_view gzip;  ///< the content, compressed
};

/// All of them. Defined by cpab/api/ui/embed.cmake.
std::span<const UiFile> ui_files();

}  // namespace cpab
