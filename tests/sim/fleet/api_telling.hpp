#pragma once
// One watch on its way to its client: frames as they come, bookmarks, its end, and what goes wrong with it.
#include <memory>
#include <string>

#include "agent/http/message.hpp"
#include "tests/sim/fleet/api_faults.hpp"
#include "tests/sim/fleet/api_model.hpp"
#include "tests/support/sim/host.hpp"

namespace ebb::sim {

// JSON that means nothing, and a document whose first object has 5 MiB.
inline constexpr auto rubbish_object = R"({"metadata":[1,{"resourceVersion":{}}],"items":"none","type":7,"object":[]})";
void make_huge(std::string& document);

class api_telling {
 public:
  struct plan {
    api_verdict fault;
    bool bookmarks;
    double split, merge;
    rt::duration lasts;
  };
  api_telling(api_model& model, host& on, random& draws, std::shared_ptr<api_watch> w, plan how)
      : model_(model), host_(on), draws_(draws), watch_(std::move(w)), how_(std::move(how)) {}

  // Throws where the body is to end without its last chunk.
  rt::task<> run(http::body_writer& out);

 private:
  static constexpr rt::duration bookmark_each = 60s, last_bookmark = 2s;

  rt::task<bool> tell_frames(http::body_writer& out);
  rt::task<bool> write(http::body_writer& out, std::string frame);
  rt::task<bool> go_wrong(http::body_writer& out);
  void lie_about_deletion();

  api_model& model_;
  host& host_;
  random& draws_;
  std::shared_ptr<api_watch> watch_;
  plan how_;
};

}  // namespace ebb::sim
