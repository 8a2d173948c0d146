#pragma once
// One connection of the server, from its first byte to its end.
#include "agent/http/cutter.hpp"
#include "agent/http/parser.hpp"
#include "agent/http/read_buffer.hpp"
#include "agent/http/server.hpp"
#include "agent/http/wire.hpp"

namespace ebb::http {

// What all connections of one server share.
struct server_state {
  server_state(rt::asio::any_io_executor ex, rt::clock_source& clock, handler h, server_limits l)
      : cuts(std::move(ex), clock), handle(std::move(h)), limits(l) {}

  std::string_view date();  // of now; made anew once a second

  cutter cuts;
  handler handle;
  server_limits limits;
  std::size_t connections = 0;

 private:
  std::string date_;
  rt::time_point date_until_{};
};

class session final : private body_writer {
 public:
  session(server_state& server, rt::accepted from);
  ~session() override;
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // Answers one request after the other until either side has had enough.
  rt::task<> run();

 private:
  rt::task<bool> read_request();
  rt::task<bool> read_more();
  rt::task<response> handled(request req);
  rt::task<bool> answer();
  rt::task<bool> stream_body(const response& r);
  rt::task<> refuse(unsigned status);
  rt::task<bool> send();  // out_, whole
  rt::task<rt::result<void>> write(std::string piece) override;

  server_state& server_;
  rt::accepted from_;
  cutter::entry cut_;
  request_parser parser_;
  read_buffer in_;
  std::string out_;
  bool chunked_ = false;
};

}  // namespace ebb::http
