// A client that says anything, in pieces of any size: the server neither crashes nor hangs, hands only requests within
// its limits to the handler, and understands the same requests whatever the pieces were (else a request could be
// smuggled past whoever reads in other pieces).
#include "agent/http/server.hpp"

#include <string>
#include <vector>

#include "tests/fuzz/property.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/memory_stream.hpp"

namespace ebb::fuzz {

namespace {

using namespace std::chrono_literals;

constexpr http::server_limits limits{.header = 1024, .target = 128, .body = 512};

rt::task<http::response> echo(std::vector<std::string>& requests, http::request r) {
  require(r.body.size() <= limits.body, "a body within its limit");
  require(r.target.size() <= limits.target, "a target within its limit");
  require(!r.target.empty() && (r.target[0] == '/' || r.target == "*"), "a target that is a path");
  std::string all = r.method + " " + r.target + "\n";
  for (const auto& [name, value] : r.headers) {
    require(value.find_first_of("\r\n") == value.npos, "a value on one line");
    all += name + ": " + value + "\n";
  }
  requests.push_back(all + r.body);
  co_return http::plain(200, r.target);
}

std::vector<std::string> talk(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> requests;
  std::string answers;
  test::loop loop;
  test::memory_listener listener(loop.io.get_executor());
  loop.spawn(http::serve(
      loop.clock, listener, [&requests](http::request r) { return echo(requests, std::move(r)); }, {}, limits));
  auto client = listener.connect();
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    client.send(bytes.substr(0, piece));
    loop.poll();
    answers += client.received();
  }
  client.close();
  loop.poll();
  answers += client.received();
  require(client.closed(), "a connection that ends with its client");
  require(!loop.failure, "a server that goes on");
  std::size_t answered = 0;
  for (auto at = answers.find("HTTP/1.1 200"); at != answers.npos; at = answers.find("HTTP/1.1 200", at + 1))
    ++answered;
  require(answered <= requests.size(), "no answer without a request");
  return requests;
}

}  // namespace

}  // namespace ebb::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ebb::fuzz;
  const auto bytes = text(data, size);
  const auto whole = talk(bytes, std::max<std::size_t>(1, size));
  require(talk(bytes, 1) == whole, "the same understanding byte by byte");
  require(talk(bytes, 7) == whole, "the same understanding in pieces");
  return 0;
}
