#pragma once
// A coordinator behind real ports: Dremio's HTTP surface with faults, the control port for executors, the planner and
// a load that drive them, and /lab/… to look at it all and to make it misbehave.
#include <boost/asio/io_context.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/http/server.hpp"
#include "agent/rt/nursery.hpp"
#include "tools/lab/control.hpp"
#include "tools/lab/door.hpp"
#include "tools/lab/member_event.hpp"
#include "tools/lab/model/coordinator.hpp"
#include "tools/lab/model/faults.hpp"
#include "tools/lab/model/planner.hpp"

namespace ebb::lab {

class site {
 public:
  struct options {
    coordinator::options dremio;
    std::string listen = "127.0.0.1:0";
    std::string control = "127.0.0.1:0";
    std::uint64_t seed = 1;
  };

  site(rt::asio::io_context& io, rt::clock_source& clock, options o);
  ~site();

  // Errors: those of binding the two ports.
  rt::result<std::pair<std::uint16_t, std::uint16_t>> open();  // the numbers of both
  rt::task<> run();                                            // until cancelled; after open()

  coordinator& head() { return coordinator_; }
  planner& plans() { return planner_; }
  const planner& plans() const { return planner_; }
  faults& trouble() { return faults_; }
  void start_load(load::options o);  // times are absolute
  void stop_load() { load_.reset(); }
  void submit(const query_shape& q);
  void hold(bool held);  // running fragments do not end meanwhile

  const std::vector<member_event>& events() const { return events_; }

 private:
  struct member {
    explicit member(rt::byte_stream s) : link(std::move(s)) {}
    control_link link;
    std::string name;  // after "join"
    bool left = false;
  };

  rt::task<> drive();
  rt::task<> serve_http();
  rt::task<> serve_while_up(rt::nursery& around);
  rt::task<> accept_members(rt::nursery& children);
  rt::task<> attend(rt::accepted from);
  rt::task<http::response> answer(http::request req);
  http::response admin(const http::request& req);
  http::response admin_faults(const http::request& req);
  http::response admin_executor(const http::request& req);
  http::response told(const http::request& req) const;
  http::response state() const;
  void hear(member& m, const words& said);
  void lost(member& m);
  void carry_out(const planner::order& o);
  void note(member_event::kind what, const std::string& node);
  member* find(std::string_view node);

  rt::asio::io_context& io_;
  rt::clock_source& clock_;
  options options_;
  coordinator coordinator_;
  planner planner_;
  faults faults_;
  std::optional<load> load_;
  std::unique_ptr<door> http_port_;
  std::unique_ptr<door> control_port_;
  std::list<member> members_;
  std::vector<member_event> events_;
  rt::notice changed_;
};

}  // namespace ebb::lab
