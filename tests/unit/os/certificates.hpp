#pragma once
// Certificates made on the spot, so that none in the tree can expire.
#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace ebb::test {

struct identity {
  std::string certificate, key;  // PEM
};

class authority {
 public:
  explicit authority(const std::string& name);

  const std::string& certificate() const { return pem_; }
  // For "DNS:a,IP:127.0.0.1" and the like; a negative validity is one that has ended.
  identity issue(const std::string& names, std::chrono::seconds valid = std::chrono::hours(1)) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> self_;
  std::string pem_;
};

identity self_signed(const std::string& names);

}  // namespace ebb::test
