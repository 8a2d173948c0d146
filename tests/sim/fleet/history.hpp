#pragma once
// A Prometheus that scrapes the executors of a fleet, truly and each 10 s, and answers every query with the history of
// the executor whose name is in it.
#include <deque>
#include <map>
#include <string>

#include "tests/sim/fleet/fleet.hpp"

namespace ebb::sim {

class history {
 public:
  explicit history(fleet& f);

  // The settings of an agent that asks it about that executor.
  static void ask_it(config::settings& s, int executor);

 private:
  struct sample {
    rt::wall_time at;
    int fragments;
  };
  rt::task<> serve(host& h);
  rt::task<http::response> answer(http::request req);
  void scrape();

  fleet& fleet_;
  host* host_ = nullptr;
  std::map<std::string, std::deque<sample>> samples_;
};

}  // namespace ebb::sim
