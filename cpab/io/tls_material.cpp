#include "cpab/io/tls_material.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

#include "cpab/io/file.h"

namespace cpab {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

[[noreturn]] void fail(const std::string& message) { throw HttpError(HttpFailure::tls, message); }

// The text of one part: given as such, read from its file, or empty.
std::string text_of(const std::optional<std::string>& data,
                    const std::optional<std::string>& file) {
  if (data) return *data;
  if (!file) return {};
  try {
    return read_file(*file, file_kind::certificate);
  } catch (const FileError& error) {
    fail(error.what());
  }
}

std::string name_of(const std::optional<std::string>& data,
                    const std::optional<std::string>& file) {
  return data || !file ? "the given text" : *file;
}

// A pass phrase is never asked for: that would read from the terminal.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

Certificate first_certificate(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr));
  ERR_clear_error();  // a queued error would be taken for one of curl's later
  return certificate;
}

PrivateKey private_key(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
  ERR_clear_error();
  return key;
}

void check_ca(const std::string& pem, const std::string& name) {
  if (first_certificate(pem)) return;
  fail("failed to populate CA root pool for HTTP execute: no certificate (PEM) in " + name);
}

void check_pair(const TlsMaterial& material, const std::string& certificate_name,
                const std::string& key_name) {
  const Certificate certificate = first_certificate(material.certificate);
  if (!certificate) {
    fail("tls: failed to find any PEM data in certificate input: no certificate in " +
         certificate_name);
  }
  const PrivateKey key = private_key(material.key);
  if (!key && first_certificate(material.key)) {
    fail("tls: found a certificate rather than a key in the PEM for the private key: " + key_name);
  }
  if (!key) {
    fail("tls: failed to find any PEM data in key input: no unencrypted private key in " +
         key_name);
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    fail("tls: private key does not match public key: " + key_name + " does not belong to " +
         certificate_name);
  }
}

}  // namespace

TlsMaterial load_tls_material(const TlsConfig& config) {
  TlsMaterial material;
  material.ca = text_of(config.ca_data, config.ca_file);
  if (config.ca_data || config.ca_file) {
    check_ca(material.ca, name_of(config.ca_data, config.ca_file));
  }
  material.certificate = text_of(config.client_cert_data, config.client_cert_file);
  material.key = text_of(config.client_key_data, config.client_key_file);
  const bool has_certificate = config.client_cert_data || config.client_cert_file;
  const bool has_key = config.client_key_data || config.client_key_file;
  if (has_certificate != has_key) fail("tls: a client certificate needs its private key, and back");
  if (has_certificate) {
    check_pair(material, name_of(config.client_cert_data, config.client_cert_file),
               name_of(config.client_key_data, config.client_key_file));
  }
  return material;
}

std::vector<FileStamp> tls_file_stamps(const TlsConfig& config) {
  std::vector<FileStamp> stamps;
  for (const auto* path : {&config.ca_file, &config.client_cert_file, &config.client_key_file}) {
    if (path->has_value()) stamps.push_back(file_stamp(**path));
  }
  return stamps;
}

}  // namespace cpab
