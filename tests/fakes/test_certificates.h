#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace cpab {

/// A certificate and its key, both PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

/// Makes certificates for tests of TLS. Each authority is a new one, unknown to anybody else.
class TestAuthority {
 public:
  TestAuthority() : key_(EVP_EC_gen("P-256")) {
    certificate_ = make("cpab test CA ", "", 3600, *this);
  }

  /// PEM of the authority itself.
  std::string certificate() const { return to_pem(certificate_.get()); }

  /// A certificate for `names` (`DNS:localhost,IP:127.0.0.1`), valid until so many seconds from
  /// now; negative = expired.
  TestIdentity issue(const std::string& names, long valid_seconds = 3600) const {
    const Key key(EVP_EC_gen("P-256"));
    return {to_pem(make("cpab test ", names, valid_seconds, *this, key.get()).get()),
            to_pem(key.get())};
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;
  using Bio = std::unique_ptr<BIO, Free>;

  static std::string content(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
  }
  static std::string to_pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return content(bio.get());
  }
  static std::string to_pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return content(bio.get());
  }

  static void extend(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    X509_add_ext(certificate, extension.get(), -1);
  }

  // Without a key of its own it is the authority's.
  static Certificate make(const std::string& name, const std::string& names, long valid_seconds,
                          const TestAuthority& issuer, EVP_PKEY* key = nullptr) {
    static long serial = 1;
    Certificate certificate(X509_new());
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x), valid_seconds);
    X509_set_pubkey(x, key == nullptr ? issuer.key_.get() : key);
    const std::string common_name = name + std::to_string(serial);  // told apart by names, too
    const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, bytes, -1, -1, 0);
    const X509* by = key == nullptr ? x : issuer.certificate_.get();
    X509_set_issuer_name(x, X509_get_subject_name(by));
    if (key == nullptr) extend(x, NID_basic_constraints, "critical,CA:TRUE");
    if (!names.empty()) extend(x, NID_subject_alt_name, names);
    X509_sign(x, issuer.key_.get(), EVP_sha256());
    return certificate;
  }

  Key key_;
  Certificate certificate_;
};

}  // namespace cpab
