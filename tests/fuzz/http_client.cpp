// A server that answers anything: the client comes back with one answer within its limits or an error, and with the
// same whatever pieces the bytes came in.
#include <string>

#include "agent/http/client.hpp"
#include "tests/fuzz/property.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::fuzz {

namespace {

using namespace std::chrono_literals;

constexpr http::client_limits limits{.header = 1024, .body = 512};

std::string describe(const rt::result<http::response>& got) {
  if (!got) return "an error";  // which one depends on how much had come when the first flaw was seen
  require(got->body.size() <= limits.body, "a body within its limit");
  require(got->status >= 200, "a final status");
  std::string all = std::to_string(got->status) + (got->ended_by_close ? " until close\n" : "\n");
  for (const auto& [name, value] : got->headers) all += name + ": " + value + "\n";
  return all + got->body;
}

std::string ask(std::string_view bytes, std::size_t piece) {
  test::loop loop;
  test::memory_network net(loop.io.get_executor());
  http::client client(net, *http::parse_base_url("http://x"), {}, limits);
  const auto got = loop.start(client.exchange({}, rt::deadline::after(loop.clock, 1s)));
  auto& server = net.servers.at(0);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    server.send(bytes.substr(0, piece));
    loop.poll();
  }
  server.close();
  loop.poll();
  require(got->has_value(), "an end of the exchange");
  return describe(**got);
}

}  // namespace

}  // namespace ebb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb::fuzz;
  const auto bytes = text(data, size);
  const auto whole = ask(bytes, std::max<std::size_t>(1, size));
  require(ask(bytes, 1) == whole, "the same understanding byte by byte");
  require(ask(bytes, 7) == whole, "the same understanding in pieces");
  return 0;
}
