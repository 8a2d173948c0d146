#pragma once
// A connection as Beast wants it, whatever is behind it: a socket, a TLS session, a simulated pipe.
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <memory>

#include "agent/rt/task.hpp"

namespace ebb::rt {

// What an implementation provides. A cancelled operation completes with operation_aborted promptly.
class stream_impl {
 public:
  using handler = asio::any_completion_handler<void(error_code, std::size_t)>;
  virtual ~stream_impl() = default;
  virtual void read_some(asio::mutable_buffer into, handler h) = 0;
  virtual void write_some(asio::const_buffer from, handler h) = 0;
  virtual void close() = 0;  // idempotent; pending operations complete with operation_aborted
  // As far as can be seen without waiting: the peer has neither sent anything nor closed. Asked of an idle connection
  // before it is used again.
  virtual bool quiet() { return true; }
};

// Asio's AsyncReadStream and AsyncWriteStream. Movable; destroying it closes the connection.
class byte_stream {
 public:
  using executor_type = asio::any_io_executor;
  byte_stream() = default;
  byte_stream(executor_type ex, std::unique_ptr<stream_impl> impl) : ex_(std::move(ex)), impl_(std::move(impl)) {}

  executor_type get_executor() const { return ex_; }
  explicit operator bool() const { return impl_ != nullptr; }
  void close() {
    if (impl_) impl_->close();
  }
  bool quiet() { return impl_ && impl_->quiet(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [impl = impl_.get()](auto h, asio::mutable_buffer b) { impl->read_some(b, std::move(h)); }, token,
        first_non_empty<asio::mutable_buffer>(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [impl = impl_.get()](auto h, asio::const_buffer b) { impl->write_some(b, std::move(h)); }, token,
        first_non_empty<asio::const_buffer>(buffers));
  }

 private:
  template <class Buffer, class Buffers>
  static Buffer first_non_empty(const Buffers& buffers) {
    for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers); ++i)
      if (Buffer(*i).size() != 0) return Buffer(*i);
    return {};
  }

  executor_type ex_;
  std::unique_ptr<stream_impl> impl_;
};

}  // namespace ebb::rt
