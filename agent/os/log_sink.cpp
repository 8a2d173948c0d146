#include "agent/os/log_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "agent/os/descriptor.hpp"

namespace ebb::os {

namespace {

enum class access { direct, polled, socket };

// Writes whole lines or nothing. What a file or a terminal took only in part is finished first.
class nonblocking_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit nonblocking_sink(int borrowed) : fd_(borrowed) {
    struct stat about{};
    if (::fstat(borrowed, &about) != 0) return;
    if (S_ISSOCK(about.st_mode)) {
      access_ = access::socket;
      return;
    }
    if (S_ISREG(about.st_mode)) return;
    const auto path = "/proc/self/fd/" + std::to_string(borrowed);
    own_ = descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (own_)
      fd_ = own_.get();
    else
      access_ = access::polled;
  }

  bool last_line_taken() const { return taken_; }

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    taken_ = finish_rest();
    if (!taken_) return;
    const auto n = put({line.payload.data(), line.payload.size()});
    taken_ = n > 0;
    if (taken_) rest_.assign(line.payload.data() + n, line.payload.size() - n);
  }
  void flush_() override {}

 private:
  bool finish_rest() {
    while (!rest_.empty()) {
      const auto n = put(rest_);
      if (n == 0) return false;
      rest_.erase(0, n);
    }
    return true;
  }

  // How many bytes were taken.
  std::size_t put(std::string_view bytes) const {
    if (access_ == access::polled) {
      pollfd ready{fd_, POLLOUT, 0};
      if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return 0;
    }
    for (;;) {
      const auto n = access_ == access::socket ? ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                                               : ::write(fd_, bytes.data(), bytes.size());
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return 0;
    }
  }

  int fd_;
  descriptor own_;
  access access_ = access::direct;
  std::string rest_;
  bool taken_ = true;
};

}  // namespace

struct log_sink::impl {
  explicit impl(int fd) : sink(std::make_shared<nonblocking_sink>(fd)), log("ebb", sink) {}
  std::shared_ptr<nonblocking_sink> sink;
  spdlog::logger log;
};

log_sink::log_sink(int fd) : impl_(new impl(fd)) { std::signal(SIGPIPE, SIG_IGN); }
log_sink::~log_sink() = default;

bool log_sink::write(std::string_view line) {
  // Lines come rendered, so spdlog neither formats nor filters them.
  impl_->log.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  return impl_->sink->last_line_taken();
}

}  // namespace ebb::os
