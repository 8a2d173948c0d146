#include "agent/rt/within.hpp"

#include <boost/system/system_error.hpp>

namespace ebb::rt {

bool is_abort(std::exception_ptr e) noexcept {
  try {
    if (e) std::rethrow_exception(e);
  } catch (const boost::system::system_error& x) { return x.code() == asio::error::operation_aborted; } catch (...) {
  }
  return false;
}

}  // namespace ebb::rt
