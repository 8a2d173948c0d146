#include "agent/os/resolver.hpp"

#include <ares.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <stdexcept>

namespace ebb::os {

namespace asio = rt::asio;

namespace {

constexpr int server_timeout_ms = 2000;  // for one server; doubles with each further try
constexpr int tries = 2;

rt::error_code translate(int status) {
  switch (status) {
    case ARES_SUCCESS: return {};
    case ARES_ENODATA: return asio::error::no_data;
    case ARES_ENOTFOUND:
    case ARES_EBADNAME: return asio::error::host_not_found;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION: return asio::error::operation_aborted;
    case ARES_ENOMEM: return make_error_code(boost::system::errc::not_enough_memory);
    default: return asio::error::host_not_found_try_again;
  }
}

bool is_localhost(std::string_view name) { return name == "localhost" || name.ends_with(".localhost"); }

}  // namespace

struct resolver::watched {
  watched(asio::io_context& io, int socket) : fd(io, socket) {}
  asio::posix::stream_descriptor fd;
  bool read = false, write = false, reading = false, writing = false, gone = false;
};

// Owned by c-ares until it has called back; the resolver's part ends earlier when the waiter is cancelled.
struct resolver::query {
  query(resolver& r, handler h) : owner(r), waiter(std::move(h)) {}

  void complete(rt::error_code ec, answer a) {
    if (!waiter) return;
    asio::get_associated_cancellation_slot(waiter).clear();
    handler mine(std::move(waiter));
    --owner.live_;
    asio::post(owner.io_, asio::append(std::move(mine), ec, std::move(a)));
  }

  resolver& owner;
  handler waiter;
};

resolver::resolver(asio::io_context& io, rt::file_store& files, std::string resolv_conf)
    : io_(io), files_(files), resolv_conf_(std::move(resolv_conf)), timer_(io) {
  ares_library_init(ARES_LIB_INIT_ALL);
  open();
}

resolver::~resolver() {
  close();
  ares_library_cleanup();
}

std::uint64_t resolver::current_version() {
  const auto seen = files_.version(resolv_conf_);
  return seen ? *seen : 0;
}

void resolver::open() {
  ares_options o{};
  o.timeout = server_timeout_ms;
  o.tries = tries;
  o.resolvconf_path = resolv_conf_.data();
  o.lookups = const_cast<char*>("fb");  // /etc/hosts, then DNS, whatever nsswitch.conf says
  o.sock_state_cb = [](void* self, ares_socket_t fd, int read, int write) {
    static_cast<resolver*>(self)->watch(fd, read != 0, write != 0);
  };
  o.sock_state_cb_data = this;
  const int given =
      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_RESOLVCONF | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
  version_ = current_version();
  if (const int status = ares_init_options(&channel_, &o, given); status != ARES_SUCCESS)
    throw std::runtime_error(std::string("c-ares: ") + ares_strerror(status));
}

void resolver::close() {
  ares_destroy(std::exchange(channel_, nullptr));  // completes what is left with operation_aborted
  timer_.cancel();
}

std::shared_ptr<resolver::query> resolver::begin(handler h) {
  if (live_ == 0 && current_version() != version_) {
    close();
    open();
  }
  auto slot = asio::get_associated_cancellation_slot(h);
  auto q = std::make_shared<query>(*this, std::move(h));
  ++live_;
  if (slot.is_connected())
    slot.assign([this, weak = std::weak_ptr<query>(q)](asio::cancellation_type) {
      const auto mine = weak.lock();
      if (!mine) return;
      mine->complete(asio::error::operation_aborted, {});
      if (live_ > 0) return;
      ares_cancel(channel_);  // nobody waits: close the sockets
      rearm();
    });
  return q;
}

// c-ares says which of its sockets it waits for; neither reading nor writing means that it is about to close it.
void resolver::watch(int fd, bool read, bool write) {
  auto it = sockets_.find(fd);
  if (!read && !write) {
    if (it == sockets_.end()) return;
    it->second->gone = true;
    it->second->fd.release();
    sockets_.erase(it);
    return;
  }
  if (it == sockets_.end()) it = sockets_.emplace(fd, std::make_shared<watched>(io_, fd)).first;
  const auto s = it->second;
  s->read = read;
  s->write = write;
  if (read) wait(s, true);
  if (write) wait(s, false);
}

void resolver::wait(const std::shared_ptr<watched>& s, bool for_read) {
  bool& pending = for_read ? s->reading : s->writing;
  if (std::exchange(pending, true)) return;
  const auto what = for_read ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
  s->fd.async_wait(what, [this, s, for_read](rt::error_code) {
    (for_read ? s->reading : s->writing) = false;
    if (s->gone) return;
    const int fd = s->fd.native_handle();
    ares_process_fd(channel_, for_read ? fd : ARES_SOCKET_BAD, for_read ? ARES_SOCKET_BAD : fd);
    rearm();
    if (!s->gone && (for_read ? s->read : s->write)) wait(s, for_read);
  });
}

void resolver::rearm() {
  timeval tv{};
  const timeval* next = ares_timeout(channel_, nullptr, &tv);
  if (next == nullptr) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec));
  timer_.async_wait([this](rt::error_code ec) {
    if (ec) return;
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    rearm();
  });
}

void resolver::on_addresses(void* arg, int status, int, ares_addrinfo* found) {
  const std::unique_ptr<std::shared_ptr<query>> q(static_cast<std::shared_ptr<query>*>(arg));
  answer a;
  for (auto* n = found != nullptr ? found->nodes : nullptr; n != nullptr; n = n->ai_next) {
    asio::ip::tcp::endpoint e;
    if (n->ai_addrlen > e.capacity()) continue;
    std::memcpy(e.data(), n->ai_addr, n->ai_addrlen);
    e.resize(n->ai_addrlen);
    a.addresses.push_back(e.address());
  }
  if (found != nullptr) ares_freeaddrinfo(found);
  auto ec = translate(status);
  if (!ec && a.addresses.empty()) ec = asio::error::no_data;
  (*q)->complete(ec, std::move(a));
}

void resolver::on_name(void* arg, int status, int, hostent* found) {
  const std::unique_ptr<std::shared_ptr<query>> q(static_cast<std::shared_ptr<query>*>(arg));
  answer a;
  if (found != nullptr && found->h_name != nullptr) a.name = found->h_name;
  auto ec = translate(status);
  if (!ec && a.name.empty()) ec = asio::error::no_data;
  (*q)->complete(ec, std::move(a));
}

rt::task<rt::result<std::vector<asio::ip::address>>> resolver::resolve(std::string name) {
  rt::error_code not_literal;
  if (const auto literal = asio::ip::make_address(name, not_literal); !not_literal)
    co_return std::vector<asio::ip::address>{literal};
  // Never asked of DNS (RFC 6761), and known where there is no /etc/hosts.
  if (is_localhost(name))
    co_return std::vector<asio::ip::address>{asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};

  const auto start = [this, &name](handler h) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    auto q = begin(std::move(h));
    ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &on_addresses, new std::shared_ptr<query>(std::move(q)));
    rearm();
  };
  auto [ec, a] =
      co_await asio::async_initiate<const asio::as_tuple_t<asio::use_awaitable_t<>>, void(rt::error_code, answer)>(
          start, asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  co_return std::move(a.addresses);
}

rt::task<rt::result<std::string>> resolver::reverse(asio::ip::address of) {
  const auto start = [this, of](handler h) {
    auto q = begin(std::move(h));
    auto* arg = new std::shared_ptr<query>(std::move(q));
    if (of.is_v4()) {
      const auto bytes = of.to_v4().to_bytes();
      ares_gethostbyaddr(channel_, bytes.data(), static_cast<int>(bytes.size()), AF_INET, &on_name, arg);
    } else {
      const auto bytes = of.to_v6().to_bytes();
      ares_gethostbyaddr(channel_, bytes.data(), static_cast<int>(bytes.size()), AF_INET6, &on_name, arg);
    }
    rearm();
  };
  auto [ec, a] =
      co_await asio::async_initiate<const asio::as_tuple_t<asio::use_awaitable_t<>>, void(rt::error_code, answer)>(
          start, asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  co_return std::move(a.name);
}

std::string resolver::host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace ebb::os
