#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "cpab/io/file_stamp.h"
#include "cpab/io/http_server.h"
#include "cpab/model/time.h"

namespace boost::asio::ssl {
class context;
}

namespace cpab {

/// What a server shows and asks for in TLS handshakes, of files that are replaced while it runs.
/// When the new files cannot be used, the old content stays in use and a warning says so, once for
/// each state of the files. Not safe to use from several threads at once, expiry() aside.
class ServerCertificates {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  /// Reads the files. Throws HttpServerError when they cannot be used.
  explicit ServerCertificates(ServerTls files);

  /// For the next handshake. Looks at the files once a second at most.
  Context current(TimePoint now);

  /// When the certificate in use expires.
  WallTime expiry() const { return expiry_; }

 private:
  std::vector<FileStamp> stamps() const;
  void renew();
  void use(Context context);

  const ServerTls files_;
  std::vector<FileStamp> stamps_;  // of the files when they were last looked into
  Context context_;
  std::atomic<WallTime> expiry_{};
  TimePoint next_look_{};
};

}  // namespace cpab
