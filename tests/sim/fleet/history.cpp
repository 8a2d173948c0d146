#include "tests/sim/fleet/history.hpp"

#include "agent/http/server.hpp"

namespace ebb::sim {

namespace {

constexpr rt::duration scrape_interval = 10s;
constexpr std::size_t samples_kept = 10;

}  // namespace

history::history(fleet& f) : fleet_(f), host_(&f.home().add_host("prometheus")) {
  host_->runs([this](host& h) { return serve(h); });
  host_->boot();
  f.home().every(scrape_interval, [this] { scrape(); });
}

void history::ask_it(config::settings& s, int executor) {
  s.prometheus.url = "http://prometheus:9090";
  s.prometheus.selector = "node=\"" + executor_name(executor) + "\"";
}

void history::scrape() {
  for (int i = 0; i < fleet_.size(); ++i) {
    auto& of = samples_[executor_name(i)];
    of.push_back({host_->clock().wall_now(), fleet_.cluster().at(executor_name(i)).fragments()});
    if (of.size() > samples_kept) of.pop_front();
  }
}

rt::task<> history::serve(host& h) {
  auto port = h.net().listen("0.0.0.0:9090");
  if (!port) throw boost::system::system_error(port.error());
  co_await http::serve(h.clock(), **port, [this](http::request req) { return answer(std::move(req)); });
}

rt::task<http::response> history::answer(http::request req) {
  std::string values;
  for (const auto& [name, samples] : samples_) {
    if (req.target.find(name) == std::string::npos) continue;
    for (const auto& s : samples) {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(s.at.time_since_epoch()).count();
      auto part = std::to_string(ms % 1000);
      part.insert(0, 3 - part.size(), '0');
      values += (values.empty() ? "[" : ",[") + std::to_string(ms / 1000) + "." + part + ",\"" +
                std::to_string(s.fragments) + "\"]";
    }
  }
  http::response r;
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = R"({"status":"success","data":{"resultType":"matrix","result":[)";
  if (!values.empty()) r.body += R"({"metric":{"__name__":"exec_fragments_active"},"values":[)" + values + "]}";
  r.body += "]}}";
  co_return r;
}

}  // namespace ebb::sim
