#include "agent/os/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>

namespace ebb::os {

namespace asio = rt::asio;

namespace {

constexpr std::size_t largest_ca_file = 4 * 1024 * 1024;

// Where Debian, RHEL, RHEL of old, openSUSE and Alpine keep their bundle.
constexpr std::array bundles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem",
                                "/etc/ssl/cert.pem"};

// An error_code carries a number only, so the texts are kept here and the number is the place of the text.
class tls_category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "tls"; }
  std::string message(int value) const override { return texts_.at(static_cast<std::size_t>(value)); }

  int intern(const std::string& text) {
    const auto known = std::ranges::find(texts_, text);
    if (known != texts_.end()) return static_cast<int>(known - texts_.begin());
    if (texts_.size() == most_texts) return 0;
    texts_.push_back(text);
    return static_cast<int>(texts_.size() - 1);
  }

 private:
  static constexpr std::size_t most_texts = 256;
  std::vector<std::string> texts_ = {"TLS failed"};
};

class tls_stream final : public rt::stream_impl {
 public:
  tls_stream(tcp_socket s, std::shared_ptr<asio::ssl::context> c)
      : context_(std::move(c)), stream_(std::move(s), *context_) {}

  void read_some(asio::mutable_buffer into, handler h) override { stream_.async_read_some(into, std::move(h)); }
  void write_some(asio::const_buffer from, handler h) override { stream_.async_write_some(from, std::move(h)); }
  void close() override {
    rt::error_code ignored;
    stream_.next_layer().close(ignored);
  }
  bool quiet() override { return is_quiet(stream_.next_layer()); }

  asio::ssl::stream<tcp_socket>& session() { return stream_; }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp_socket> stream_;
};

// Makes the session ask for `host` and accept only certificates for it.
bool expect_peer(SSL* ssl, const std::string& host) {
  rt::error_code not_literal;
  asio::ip::make_address(host, not_literal);
  if (!not_literal) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

rt::result<void> add_authorities(X509_STORE* store, const std::string& path, const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                      &BIO_free);
  std::size_t count = 0;
  ERR_clear_error();
  while (X509* authority = PEM_read_bio_X509_AUX(bio.get(), nullptr, nullptr, nullptr)) {
    X509_STORE_add_cert(store, authority);
    X509_free(authority);
    ++count;
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return tls_error("CA file " + path + ": certificate " + std::to_string(count + 1) + " is damaged");
  if (count == 0) return tls_error("CA file " + path + ": no certificate in it");
  return {};
}

}  // namespace

rt::error_code tls_error(const std::string& text) {
  static tls_category category;
  return {category.intern(text), category};
}

rt::result<std::string> tls_client::ca_file(const std::string& configured) {
  if (!configured.empty()) return configured;
  if (const char* given = std::getenv("SSL_CERT_FILE"); given != nullptr && *given != '\0') return std::string(given);
  for (const char* path : bundles)
    if (files_.version(path)) return std::string(path);
  return tls_error("no CA bundle found; set ca_file or SSL_CERT_FILE");
}

rt::result<std::shared_ptr<asio::ssl::context>> tls_client::context(const rt::tls_options& options) {
  std::string path;
  std::uint64_t version = 0;
  if (options.verify) {
    auto found = ca_file(options.ca_file);
    if (!found) return found.error();
    path = *found;
    const auto seen = files_.version(path);
    if (!seen) return tls_error("CA file " + path + ": " + seen.error().message());
    version = *seen;
  }
  auto& slot = contexts_[path];
  if (slot.context && slot.version == version) return slot.context;

  // The machine's openssl.cnf may name modules to load, which a static program cannot.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  auto fresh = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX* const native = fresh->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(native, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (options.verify) {
    const auto pem = files_.read(path, largest_ca_file);
    if (!pem) return tls_error("CA file " + path + ": " + pem.error().message());
    auto added = add_authorities(SSL_CTX_get_cert_store(native), path, *pem);
    if (!added) return added.error();
  }
  slot = cached{version, std::move(fresh)};
  return slot.context;
}

rt::task<rt::result<rt::byte_stream>> tls_client::handshake(tcp_socket socket, std::string host,
                                                            rt::tls_options options) {
  auto ctx = context(options);
  if (!ctx) co_return ctx.error();
  auto ex = socket.get_executor();
  auto stream = std::make_unique<tls_stream>(std::move(socket), *ctx);
  SSL* const ssl = stream->session().native_handle();
  if (!expect_peer(ssl, host)) co_return tls_error("not a host name: " + host);

  auto [ec] =
      co_await stream->session().async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
  if (ec && options.verify && SSL_get_verify_result(ssl) != X509_V_OK)
    co_return tls_error(std::string("certificate verify failed: ") +
                        X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
  if (ec.category() == asio::error::get_ssl_category()) co_return tls_error("TLS handshake failed: " + ec.message());
  if (ec) co_return ec;
  co_return rt::byte_stream(ex, std::move(stream));
}

}  // namespace ebb::os
