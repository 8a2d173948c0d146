#pragma once
// What an answer of the coordinator to a call of the deny list means (the table of the wire contract).
#include <string_view>

namespace ebb::core {

enum class list_outcome : unsigned char {
  ok,
  retry,        // with back-off, within the budget
  login_again,  // once; then back off
  unavailable,  // an edition without the list, or an account without the right: asked again each minute
  rejected,     // 400 for our own entry: the same, said loudly
};

struct list_answer {
  unsigned status = 0;       // 0: no answer at all
  bool is_list = false;      // 200 with a JSON array of strings
  bool has_message = false;  // a JSON object with errorMessage, as only Dremio itself answers
  bool writing = false;      // a POST
  bool read_before = false;  // the list has been read in this life: a 404 is then an ingress speaking
};

list_outcome judge_list_answer(const list_answer& a);

}  // namespace ebb::core
