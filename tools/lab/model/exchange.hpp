#pragma once
// One HTTP exchange as the models see it. Whoever mounts a model translates to and from real messages.
#include <string>
#include <string_view>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

struct call {
  std::string_view method = "GET";
  std::string_view target = "/";  // path and query as they came
  std::string_view authorization;
  std::string_view content_type;
  std::string_view accept;
  std::string_view body;

  std::string_view path() const { return target.substr(0, target.find('?')); }
};

struct answer {
  unsigned status = 200;
  std::string content_type;  // empty: no such header
  std::string body;
  duration takes{0};  // how long the server works before it answers
};

inline answer empty_answer(unsigned status) { return {status, "", "", duration{0}}; }
inline answer text_answer(unsigned status, std::string body) {
  return {status, "text/plain", std::move(body), duration{0}};
}
inline answer json_answer(unsigned status, std::string body) {
  return {status, "application/json", std::move(body), duration{0}};
}

// Dremio's error body: errorMessage is never empty, moreInfo is there and mostly empty.
answer error_answer(unsigned status, std::string_view message);

}  // namespace ebb::lab
