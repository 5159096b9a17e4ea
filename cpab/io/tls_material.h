#pragma once

#include <string>
#include <vector>

#include "cpab/io/file_stamp.h"
#include "cpab/io/http_client.h"

namespace cpab {

/// The PEM texts a TlsConfig stands for, known to be usable. Empty ones are not used.
struct TlsMaterial {
  std::string ca;
  std::string certificate;
  std::string key;
};

/// Reads and checks what `config` names. Throws HttpError (`tls`, without a URL): a file that
/// cannot be opened, text without a certificate, a key that does not fit its certificate.
TlsMaterial load_tls_material(const TlsConfig& config);

/// The stamps of the files that `config` names.
std::vector<FileStamp> tls_file_stamps(const TlsConfig& config);

}  // namespace cpab
