#pragma once
// The vocabulary of every duty: a coroutine is a task, what can fail in a healthy process is a result.
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace ebb::rt {

namespace asio = boost::asio;
using boost::system::error_code;

template <class T>
using result = boost::system::result<T>;

template <class T = void>
using task = asio::awaitable<T>;

}  // namespace ebb::rt
