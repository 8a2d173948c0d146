// Requests per second of an endpoint: some keep-alive connections, each with one request in flight, from one thread.
//
//   probe_load PORT [PATH [SECONDS [CONNECTIONS]]]      /livez, 5 s, 16 where nothing is said
//
// Prints `requests_per_second N`, and how many answers were not 200.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

int number(const char* text) {
  int value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

int connect_to(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("connect");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// The length of the answer at the beginning of `text`, or 0 while it is not whole.
std::size_t whole_answer(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  const auto field = text.find("ontent-Length: ");
  if (head == std::string_view::npos || field > head) return 0;
  std::size_t body = 0;
  std::from_chars(text.data() + field + 15, text.data() + head, body);
  return text.size() >= head + 4 + body ? head + 4 + body : 0;
}

struct counts {
  long answered = 0, bad = 0;
};

counts drive(const std::vector<int>& connections, const std::string& request, std::chrono::seconds span) {
  const int poll = epoll_create1(0);
  std::vector<std::string> got(connections.size());
  const auto ask = [&](std::size_t i) {
    if (write(connections[i], request.data(), request.size()) != static_cast<ssize_t>(request.size())) fail("write");
  };
  for (std::size_t i = 0; i < connections.size(); ++i) {
    epoll_event e{};
    e.events = EPOLLIN;
    e.data.u64 = i;
    epoll_ctl(poll, EPOLL_CTL_ADD, connections[i], &e);
    ask(i);
  }
  counts c;
  std::array<epoll_event, 64> ready{};
  std::array<char, 16384> buffer{};
  for (const auto end = clock_type::now() + span; clock_type::now() < end;) {
    const int n = epoll_wait(poll, ready.data(), static_cast<int>(ready.size()), 1000);
    for (int k = 0; k < n; ++k) {
      const auto i = ready[static_cast<std::size_t>(k)].data.u64;
      const auto size = read(connections[i], buffer.data(), buffer.size());
      if (size <= 0) fail("the server closed a connection");
      got[i].append(buffer.data(), static_cast<std::size_t>(size));
      if (whole_answer(got[i]) == 0) continue;
      ++c.answered;
      if (!got[i].starts_with("HTTP/1.1 200")) ++c.bad;
      got[i].clear();
      ask(i);
    }
  }
  close(poll);
  return c;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: probe_load PORT [PATH [SECONDS [CONNECTIONS]]]\n", stderr);
    return 2;
  }
  const std::string path = argc > 2 ? argv[2] : "/livez";
  const int seconds = argc > 3 ? number(argv[3]) : 5;
  std::vector<int> connections;
  for (int i = argc > 4 ? number(argv[4]) : 16; i > 0; --i) connections.push_back(connect_to(number(argv[1])));
  const auto c = drive(connections, "GET " + path + " HTTP/1.1\r\nHost: ebb\r\n\r\n", std::chrono::seconds(seconds));
  std::printf("requests_per_second %ld\nnot_200 %ld\n", c.answered / seconds, c.bad);
  return c.bad == 0 ? 0 : 1;
}
