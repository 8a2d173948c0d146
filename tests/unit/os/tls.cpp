// TLS against a server of OpenSSL's own over loopback.
#include "agent/os/tls.hpp"

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "agent/http/client.hpp"
#include "tests/unit/os/certificates.hpp"
#include "tests/unit/os/world.hpp"

namespace ebb::os {
namespace {

namespace asio = rt::asio;
using asio::ip::tcp;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// Answers each request on a connection with `answer`, and goes on or closes without a word.
class tls_server {
 public:
  tls_server(asio::io_context& io, const test::identity& id)
      : context(asio::ssl::context::tls_server), acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {
    context.use_certificate(asio::buffer(id.certificate), asio::ssl::context::pem);
    context.use_private_key(asio::buffer(id.key), asio::ssl::context::pem);
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  rt::task<> run() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      ++connections;
      asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
      auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_tuple);
      if (failed) continue;
      sni = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name) != nullptr
                ? SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name)
                : "";
      for (std::array<char, 4096> request{};;) {
        auto [ended, n] = co_await stream.async_read_some(asio::buffer(request), as_tuple);
        if (ended) break;
        co_await asio::async_write(stream, asio::buffer(answer), as_tuple);
        if (close_after) break;
      }
    }
  }

  asio::ssl::context context;
  std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  bool close_after = false;
  int connections = 0;
  std::string sni;

 private:
  tcp::acceptor acceptor_;
};

rt::task<std::string> outcome(world& w, rt::destination to) {
  auto connecting = w.net.connect(std::move(to));
  auto stream = co_await rt::within(rt::deadline::after(w.clock, 5s), std::move(connecting));
  co_return stream ? "ok" : stream.error().message();
}

// How connecting ends, for a server with this identity.
std::string connect(world& w, const test::identity& id, std::string host, std::string ca_file, bool verify = true) {
  tls_server server(w.io, id);
  return w.run(outcome(w, rt::destination(std::move(host), server.port(), {true, verify, std::move(ca_file)})),
               server.run());
}

TEST_CASE("a certificate of the given authority for that name or address is accepted", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto file = w.folder.write("ca.pem", ca.certificate());
  CHECK(connect(w, ca.issue("DNS:localhost"), "localhost", file) == "ok");
  CHECK(connect(w, ca.issue("IP:127.0.0.1"), "127.0.0.1", file) == "ok");
  CHECK(connect(w, ca.issue("DNS:*.b.localhost"), "a.b.localhost", file) == "ok");
}

TEST_CASE("a certificate that proves nothing is refused, and the error says why", "[os][tls]") {
  world w;
  const test::authority ours("ours"), theirs("theirs");
  const auto file = w.folder.write("ca.pem", ours.certificate());
  const auto refused = [&](const test::identity& id, const char* host = "localhost") {
    return connect(w, id, host, file);
  };
  const std::string failed = "certificate verify failed: ";
  CHECK(refused(ours.issue("DNS:localhost", -60s)) == failed + "certificate has expired");
  CHECK(refused(test::self_signed("DNS:localhost")) == failed + "self-signed certificate");
  CHECK(refused(theirs.issue("DNS:localhost")) == failed + "unable to get local issuer certificate");
  CHECK(refused(ours.issue("DNS:elsewhere")) == failed + "hostname mismatch");
  CHECK(refused(ours.issue("IP:127.0.0.2"), "127.0.0.1") == failed + "IP address mismatch");
  CHECK(refused(ours.issue("DNS:127.0.0.1"), "127.0.0.1") == failed + "IP address mismatch");
  CHECK(refused(ours.issue("DNS:*.b.localhost"), "x.a.b.localhost") == failed + "hostname mismatch");
}

TEST_CASE("without verification every certificate will do", "[os][tls]") {
  world w;
  CHECK(connect(w, test::self_signed("DNS:elsewhere"), "localhost", "/nowhere", false) == "ok");
}

TEST_CASE("a CA file is read again when it has changed", "[os][tls]") {
  world w;
  const test::authority old("ours, old"), next("ours, next");
  const auto file = w.folder.write("ca.pem", old.certificate());
  CHECK(connect(w, old.issue("DNS:localhost"), "localhost", file) == "ok");
  CHECK(connect(w, next.issue("DNS:localhost"), "localhost", file) != "ok");
  w.folder.write("ca.pem", next.certificate());
  CHECK(connect(w, next.issue("DNS:localhost"), "localhost", file) == "ok");
  CHECK(connect(w, old.issue("DNS:localhost"), "localhost", file) != "ok");
  w.folder.write("ca.pem", old.certificate() + next.certificate());
  CHECK(connect(w, old.issue("DNS:localhost"), "localhost", file) == "ok");
  CHECK(connect(w, next.issue("DNS:localhost"), "localhost", file) == "ok");
}

TEST_CASE("a CA file that is none is named", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto id = ca.issue("DNS:localhost");
  const auto missing = w.folder.path("missing.pem");
  CHECK(connect(w, id, "localhost", missing) == "CA file " + missing + ": No such file or directory");
  const auto empty = w.folder.write("empty.pem", "# nothing yet\n");
  CHECK(connect(w, id, "localhost", empty) == "CA file " + empty + ": no certificate in it");
  auto half = ca.certificate();
  half.resize(half.size() / 2);
  const auto damaged = w.folder.write("damaged.pem", ca.certificate() + half);
  CHECK(connect(w, id, "localhost", damaged) == "CA file " + damaged + ": certificate 2 is damaged");
}

TEST_CASE("without a CA file the one of SSL_CERT_FILE is taken", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto file = w.folder.write("ca.pem", ca.certificate());
  REQUIRE(::setenv("SSL_CERT_FILE", file.c_str(), 1) == 0);
  const auto got = connect(w, ca.issue("DNS:localhost"), "localhost", "");
  ::unsetenv("SSL_CERT_FILE");
  CHECK(got == "ok");
}

TEST_CASE("the server is told which name is wanted, but no address", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto file = w.folder.write("ca.pem", ca.certificate());
  tls_server server(w.io, ca.issue("DNS:localhost,IP:127.0.0.1"));
  CHECK(w.run(outcome(w, rt::destination("localhost", server.port(), {true, true, file})), server.run()) == "ok");
  CHECK(server.sni == "localhost");
  CHECK(w.run(outcome(w, rt::destination("127.0.0.1", server.port(), {true, true, file})), server.run()) == "ok");
  CHECK(server.sni.empty());
}

TEST_CASE("TLS 1.1 is refused", "[os][tls]") {
  world w;
  tls_server server(w.io, test::self_signed("DNS:localhost"));
  SSL_CTX_set_min_proto_version(server.context.native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(server.context.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(server.context.native_handle(), 0);
  const auto got = w.run(outcome(w, rt::destination("localhost", server.port(), {true, false, ""})), server.run());
  CHECK_THAT(got, ContainsSubstring("TLS handshake failed: "));
}

rt::task<> say(tcp::acceptor& acceptor, std::string what) {
  auto socket = co_await acceptor.async_accept(asio::use_awaitable);
  co_await asio::async_write(socket, asio::buffer(what), as_tuple);
  char byte;
  for (bool open = true; open;) {
    auto [ec, n] = co_await socket.async_read_some(asio::buffer(&byte, 1), as_tuple);
    open = !ec;
  }
}

TEST_CASE("a server without TLS is named as such", "[os][tls]") {
  world w;
  tcp::acceptor plain(w.io, {asio::ip::address_v4::loopback(), 0});
  const rt::destination to("localhost", plain.local_endpoint().port(), {true, false, ""});
  CHECK_THAT(w.run(outcome(w, to), say(plain, "HTTP/1.1 400 Bad Request\r\n\r\n")),
             ContainsSubstring("TLS handshake failed: wrong version number"));
}

rt::task<rt::duration> time_of_silence(world& w, rt::destination to) {
  const auto began = w.clock.now();
  auto connecting = w.net.connect(std::move(to));
  auto stream = co_await rt::within(rt::deadline::after(w.clock, 200ms), std::move(connecting));
  CHECK(stream.error() == boost::system::errc::timed_out);
  co_return w.clock.now() - began;
}

TEST_CASE("a handshake that hangs is given up promptly", "[os][tls]") {
  world w;
  tcp::acceptor silent(w.io, {asio::ip::address_v4::loopback(), 0});
  const rt::destination to("localhost", silent.local_endpoint().port(), {true, false, ""});
  CHECK(w.run(time_of_silence(w, to), say(silent, "")) < 1s);
}

rt::task<std::vector<std::string>> ask(world& w, std::uint16_t port, std::string ca_file, int times) {
  auto url = http::parse_base_url("https://localhost:" + std::to_string(port));
  http::client client(w.net, *url, {true, true, std::move(ca_file)});
  std::vector<std::string> answers;
  for (int i = 0; i < times; ++i) {
    auto answer = co_await client.exchange({}, rt::deadline::after(w.clock, 5s));
    answers.push_back(answer ? answer->body : answer.error().message());
  }
  co_return answers;
}

TEST_CASE("a TLS connection is kept between exchanges, session tickets or not", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto file = w.folder.write("ca.pem", ca.certificate());
  tls_server server(w.io, ca.issue("DNS:localhost"));
  CHECK(w.run(ask(w, server.port(), file, 3), server.run()) == std::vector<std::string>(3, "ok"));
  CHECK(server.connections == 1);
}

TEST_CASE("a body that ends with a TLS session that nobody ended is cut off", "[os][tls]") {
  world w;
  const test::authority ca("ours");
  const auto file = w.folder.write("ca.pem", ca.certificate());
  tls_server server(w.io, ca.issue("DNS:localhost"));
  server.answer = "HTTP/1.1 200 OK\r\n\r\npart";
  server.close_after = true;
  const auto got = w.run(ask(w, server.port(), file, 1), server.run());
  CHECK(got.at(0) == rt::error_code(asio::ssl::error::stream_truncated).message());
}

TEST_CASE("equal texts are equal errors of the category tls", "[os][tls]") {
  CHECK(tls_error("a") == tls_error("a"));
  CHECK(tls_error("a") != tls_error("b"));
  CHECK(std::string(tls_error("a").category().name()) == "tls");
  CHECK(tls_error("a").message() == "a");
}

}  // namespace
}  // namespace ebb::os
