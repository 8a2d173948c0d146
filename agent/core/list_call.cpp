#include "agent/core/list_call.hpp"

namespace ebb::core {

list_outcome judge_list_answer(const list_answer& a) {
  switch (a.status) {
    case 200: return a.is_list ? list_outcome::ok : list_outcome::retry;
    case 401: return list_outcome::login_again;
    case 403:
    case 404: return a.has_message && !a.read_before ? list_outcome::unavailable : list_outcome::retry;
    case 400: return a.writing ? list_outcome::rejected : list_outcome::retry;
    default: return list_outcome::retry;
  }
}

}  // namespace ebb::core
