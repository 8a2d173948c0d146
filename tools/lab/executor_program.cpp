#include "tools/lab/executor_program.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "agent/http/server.hpp"
#include "agent/rt/nursery.hpp"
#include "agent/rt/within.hpp"
#include "tools/lab/control.hpp"
#include "tools/lab/door.hpp"

namespace ebb::lab {
namespace {

namespace asio = rt::asio;
constexpr int exit_terminated = 143;   // as a JVM after SIGTERM
constexpr int exit_interrupted = 130;  // and after SIGINT
constexpr int exit_lost_session = 7;   // as Dremio without its ZooKeeper session
constexpr duration pause = 100ms;      // between attempts to connect or to bind
constexpr duration patience = 2s;      // with one attempt to connect
constexpr duration longest_sleep = 1h;
constexpr std::size_t jetty_chunk = 32 * 1024;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// A body in the chunks that Jetty makes. The text is shared because the response outlives whoever made it.
rt::task<> write_chunks(std::shared_ptr<const std::string> text, http::body_writer& out) {
  for (std::size_t at = 0; at < text->size(); at += jetty_chunk) {
    auto sent = co_await out.write(text->substr(at, jetty_chunk));
    if (!sent) co_return;
  }
}

class program {
 public:
  program(asio::io_context& io, rt::clock_source& clock, rt::network& net, executor_settings s)
      : io_(io),
        clock_(clock),
        net_(net),
        settings_(std::move(s)),
        executor_(settings_.facts),
        changed_(io.get_executor()),
        phase_changed_(io.get_executor()),
        children_(io.get_executor()) {}

  rt::task<int> run() {
    children_.spawn(obey_signals());
    children_.spawn(stay_connected());
    children_.spawn(live());
    children_.spawn(serve_admin());
    co_await children_.join();
    co_return code_;
  }

 private:
  void end(int code) {
    code_ = code;
    children_.cancel();
  }

  void say(std::string line) {
    if (link_) link_->say(std::move(line));
  }

  rt::task<> obey_signals() {
    asio::signal_set signals(io_, SIGTERM, SIGINT);
    for (;;) {
      auto [ec, signal] = co_await signals.async_wait(as_tuple);
      if (ec) co_return;
      if (stop_code_ == 0) stop_code_ = signal == SIGINT ? exit_interrupted : exit_terminated;
      if (!executor_.alive()) co_return end(stop_code_);  // not even connected: there is nothing to leave
      say("signalled");
      executor_.stop_signal(clock_.now());
      changed_.notify();
    }
  }

  // The executor's own life: acts on what the model says has happened.
  rt::task<> live() {
    for (;;) {
      for (const auto& a : executor_.advance(clock_.now())) {
        if (a.what == executor::action::kind::join) say(introduction());
        if (a.what == executor::action::kind::fragment_done) say("done " + std::to_string(a.fragment));
        if (a.what == executor::action::kind::leave) say("leave");
        if (a.what == executor::action::kind::exit) co_return end(stop_code_);
      }
      phase_changed_.notify();
      const auto next = executor_.next_event().value_or(clock_.now() + longest_sleep);
      co_await changed_.wait(rt::deadline(clock_, next));
    }
  }

  std::string introduction() const {
    return "join " + settings_.facts.name + " " + settings_.facts.ip + " " + settings_.facts.tag;
  }

  // Blocks the start until there is a coordinator, as Dremio does, and gives up when it is away for too long.
  rt::task<> stay_connected() {
    auto seen = clock_.now();
    for (;;) {
      auto attempt = net_.connect(settings_.coordinator);
      auto stream = co_await rt::within(rt::deadline::after(clock_, patience), std::move(attempt));
      if (stream) {
        co_await talk(std::move(*stream));
        seen = clock_.now();
      } else if (executor_.alive() && clock_.now() - seen >= settings_.session) {
        co_return end(exit_lost_session);
      }
      co_await clock_.sleep_for(pause);
    }
  }

  rt::task<> talk(rt::byte_stream stream) {
    control_link link(std::move(stream));
    link_ = &link;
    if (executor_.alive() && executor_.now_in() != executor::phase::starting) say(introduction());
    executor_.spawn(clock_.now());
    changed_.notify();
    rt::nursery both(io_.get_executor());
    both.spawn(link.run());
    both.spawn(listen(link, both));
    co_await both.join();
    link_ = nullptr;
  }

  rt::task<> listen(control_link& link, rt::nursery& around) {
    for (;;) {
      auto said = co_await link.read();
      if (!said) break;
      hear(*said);
    }
    around.cancel();
  }

  void hear(const words& said) {
    const auto now = clock_.now();
    if (said.size() == 4 && said[0] == "start")
      executor_.start_fragment(number(said[1]), number(said[2]), std::chrono::microseconds(number(said[3])), now);
    if (said.size() == 2 && said[0] == "cancel") executor_.cancel_fragment(number(said[1]));
    if (said.size() == 2 && said[0] == "hold") executor_.hold(said[1] == "1");
    if (said.size() == 2 && said[0] == "page") executor_.distort(static_cast<distortion>(number(said[1])));
    if (said.size() == 2 && said[0] == "delay") delay_ = std::chrono::microseconds(number(said[1]));
    if (said.size() == 2 && said[0] == "healthy") executor_.facts().healthy = said[1] == "1";
    changed_.notify();
  }

  // The web-admin port is open exactly while the model says so.
  rt::task<> serve_admin() {
    for (;;) {
      if (!executor_.listening()) {
        co_await phase_changed_.wait();
        continue;
      }
      auto way_in = door::open(io_, settings_.admin, dremio_backlog);
      if (!way_in) {
        co_await clock_.sleep_for(pause);
        continue;
      }
      rt::nursery open(io_.get_executor());
      open.spawn(http::serve(clock_, **way_in, [this](http::request r) { return answer(std::move(r)); }));
      open.spawn(close_in_time(open));
      co_await open.join();
    }
  }

  rt::task<> close_in_time(rt::nursery& around) {
    while (executor_.listening()) co_await phase_changed_.wait();
    around.cancel();
  }

  rt::task<http::response> answer(http::request req) {
    call c;
    c.method = req.method;
    c.target = req.target;
    if (delay_ > 0s) co_await clock_.sleep_for(delay_);
    auto a = executor_.handle(c);
    http::response r;
    r.status = a.status;
    r.headers.emplace_back("Server", "Jetty(9.4.53.v20231009)");
    if (!a.content_type.empty()) r.headers.emplace_back("Content-Type", a.content_type);
    auto text = std::make_shared<const std::string>(std::move(a.body));
    if (!text->empty()) r.stream = [text](http::body_writer& out) { return write_chunks(text, out); };
    co_return r;
  }

  asio::io_context& io_;
  rt::clock_source& clock_;
  rt::network& net_;
  executor_settings settings_;
  executor executor_;
  rt::notice changed_;        // something for live() to look at
  rt::notice phase_changed_;  // something for the port to look at
  rt::nursery children_;
  control_link* link_ = nullptr;
  duration delay_{0};  // of each answer, on request
  int code_ = 0;
  int stop_code_ = 0;
};

}  // namespace

rt::task<int> run_executor(asio::io_context& io, rt::clock_source& clock, rt::network& net, executor_settings s) {
  program p(io, clock, net, std::move(s));
  co_return co_await p.run();
}

}  // namespace ebb::lab
