#include "tests/unit/os/certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace ebb::test {

namespace {

using key_ptr = std::shared_ptr<EVP_PKEY>;
using cert_ptr = std::shared_ptr<X509>;

constexpr long a_day = 24 * 3600;

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (write(bio.get()) != 1) throw std::runtime_error("cannot write PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string text(const cert_ptr& c) {
  return pem([&](BIO* out) { return PEM_write_bio_X509(out, c.get()); });
}
std::string text(const key_ptr& k) {
  return pem([&](BIO* out) { return PEM_write_bio_PrivateKey(out, k.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

key_ptr new_key() { return key_ptr(EVP_EC_gen("P-256"), &EVP_PKEY_free); }

void extend(X509* cert, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  if (extension == nullptr) throw std::runtime_error("bad certificate extension " + value);
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by itself when there is no issuer.
cert_ptr new_certificate(const std::string& name, const key_ptr& key, std::chrono::seconds valid, const X509* issuer,
                         EVP_PKEY* issuer_key, int nid, const std::string& extension) {
  static long serial = 0;
  cert_ptr cert(X509_new(), &X509_free);
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -a_day);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), static_cast<long>(valid.count()));
  X509_set_pubkey(cert.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(cert.get(), issuer != nullptr ? X509_get_subject_name(issuer) : subject);
  extend(cert.get(), nid, extension);
  X509_sign(cert.get(), issuer_key, EVP_sha256());
  return cert;
}

}  // namespace

authority::authority(const std::string& name)
    : key_(new_key()),
      self_(new_certificate(name, key_, std::chrono::hours(1), nullptr, key_.get(), NID_basic_constraints,
                            "critical,CA:TRUE")),
      pem_(text(self_)) {}

identity authority::issue(const std::string& names, std::chrono::seconds valid) const {
  const auto key = new_key();
  const auto cert = new_certificate("server", key, valid, self_.get(), key_.get(), NID_subject_alt_name, names);
  return {text(cert), text(key)};
}

identity self_signed(const std::string& names) {
  const auto key = new_key();
  const auto cert =
      new_certificate("server", key, std::chrono::hours(1), nullptr, key.get(), NID_subject_alt_name, names);
  return {text(cert), text(key)};
}

}  // namespace ebb::test
