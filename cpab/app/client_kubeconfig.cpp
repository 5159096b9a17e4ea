#include "cpab/app/client_kubeconfig.h"

#include "cpab/io/atomic_file.h"

namespace cpab {

void write_kubeconfig(const SimulatedApiServer& server, const std::string& path) {
  try {
    replace_file(path, server.kubeconfig());
  } catch (const FileError& error) {
    throw FileError("write kubeconfig " + path + ": " + error.what());
  }
}

}  // namespace cpab
