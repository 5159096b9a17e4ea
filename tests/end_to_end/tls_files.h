#pragma once

#include <string>

#include "cpab/io/http_server.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

namespace cpab {

/// The certificate of a server on 127.0.0.1 and what it takes to trust it, in files.
class TlsFiles {
 public:
  TlsFiles() {
    const TestIdentity identity = authority_.issue("IP:127.0.0.1");
    folder_.write("ca.pem", authority_.certificate());
    folder_.write("server.pem", identity.certificate);
    folder_.write("server.key", identity.key);
  }

  std::string ca_file() const { return folder_.file("ca.pem"); }
  ServerTls server() const { return {folder_.file("server.pem"), folder_.file("server.key")}; }

 private:
  TestAuthority authority_;
  TemporaryDirectory folder_;
};

}  // namespace cpab
