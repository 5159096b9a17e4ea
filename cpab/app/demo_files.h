#pragma once

#include <cstdint>
#include <string>

#include "cpab/io/temporary_folder.h"

namespace cpab {

/// What decides in the demo.
enum class DemoExample {
  python,  ///< two scripts
  hpa,     ///< the metrics APIs and the formula of the HPA
};

/// The user logic of the demo in a temporary folder, where people may read and change it while
/// the demo runs; the folder goes when the object does.
class DemoFiles {
 public:
  /// Writes config.yaml, and the scripts that it names. Throws std::system_error.
  DemoFiles(DemoExample example, std::uint16_t api_port);

  const std::string& folder() const { return folder_.path(); }
  std::string config() const { return folder() + "/config.yaml"; }

 private:
  void write(const std::string& name, const std::string& content) const;

  TemporaryFolder folder_;
};

}  // namespace cpab
