#include "config/last_good.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "config/reload.hpp"

namespace ebb::config {
namespace {

// Two places for a text and, in front, which of them holds: the new text is written beside the old one and counts from
// the one small write that turns the head over. The old text is then given back to the kernel.
struct head {
  std::uint32_t present = 0;
  std::uint32_t place = 0;
  std::uint64_t size = 0;
};
constexpr off_t first_place = 4096;
constexpr off_t place_size = static_cast<off_t>(largest_file);
constexpr off_t whole_size = first_place + 2 * place_size;
constexpr int size_seals = F_SEAL_GROW | F_SEAL_SHRINK;
constexpr unsigned noexec_seal = 8;  // MFD_NOEXEC_SEAL, demanded by some systems, unknown before Linux 6.3

off_t offset_of(std::uint32_t place) { return first_place + static_cast<off_t>(place) * place_size; }

bool read_whole(int from, void* into, std::size_t size, off_t at) {
  auto* to = static_cast<char*>(into);
  while (size > 0) {
    const auto got = ::pread(from, to, size, at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_whole(int to, const void* what, std::size_t size, off_t at) {
  const auto* from = static_cast<const char*>(what);
  while (size > 0) {
    const auto put = ::pwrite(to, from, size, at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from += put;
    at += put;
    size -= static_cast<std::size_t>(put);
  }
  return true;
}

std::optional<head> head_of(int descriptor) {
  head h;
  if (descriptor < 0 || !read_whole(descriptor, &h, sizeof h, 0)) return std::nullopt;
  if (h.present > 1 || h.place > 1 || h.size > largest_file) return std::nullopt;
  return h;
}

}  // namespace

last_good last_good::create() {
  int made = ::memfd_create("ebb.toml", MFD_CLOEXEC | MFD_ALLOW_SEALING | noexec_seal);
  if (made < 0 && errno == EINVAL) made = ::memfd_create("ebb.toml", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (made >= 0 && (::ftruncate(made, whole_size) != 0 || ::fcntl(made, F_ADD_SEALS, size_seals) != 0)) {
    ::close(made);
    made = -1;
  }
  return last_good(made);
}

last_good last_good::inherited(int descriptor) {
  const int seals = ::fcntl(descriptor, F_GET_SEALS);
  const bool ours = seals >= 0 && (seals & size_seals) == size_seals && ::lseek(descriptor, 0, SEEK_END) == whole_size;
  return last_good(ours ? descriptor : -1);
}

last_good::~last_good() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void last_good::keep(std::string_view text) const {
  const auto before = head_of(descriptor_);
  if (!before || text.size() > largest_file) return;
  const head next{1, 1 - before->place, text.size()};
  if (!write_whole(descriptor_, text.data(), text.size(), offset_of(next.place))) return;
  if (!write_whole(descriptor_, &next, sizeof next, 0)) return;
  (void)::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset_of(before->place), place_size);
}

std::optional<std::string> last_good::text() const {
  const auto now = head_of(descriptor_);
  if (!now || now->present == 0) return std::nullopt;
  std::string out(now->size, '\0');
  if (!read_whole(descriptor_, out.data(), out.size(), offset_of(now->place))) return std::nullopt;
  return out;
}

read_file remembering(read_file read, std::string& text) {
  return [read = std::move(read), &text](const std::string& path, std::size_t limit) {
    auto content = read(path, limit);
    text = content.text;
    return content;
  };
}

loaded load_and_keep(const sources& from, const read_file& read, const last_good& kept) {
  std::string text;
  auto out = load(from, remembering(read, text));
  if (out.ok()) kept.keep(text);
  return out;
}

start load_or_last_good(const sources& from, const read_file& read, const last_good& kept) {
  std::string now;
  start out{load(from, remembering(read, now)), {}};
  const auto before = kept.text();
  // A file that is being written anew is empty for a moment.
  const bool emptied = now.empty() && before && !before->empty();
  if (out.with.ok() && !emptied) {
    kept.keep(now);
    return out;
  }
  if (!before) return out;
  auto good = load(from, [&before](const std::string&, std::size_t) { return file_content{*before, {}}; });
  if (!good.ok()) return out;
  out.broken = out.with.ok()
                   ? "the configuration file is empty or gone, which it was not before; the last good one stays"
                   : compare(good.values, out.with).sentence;
  out.with = std::move(good);
  return out;
}

}  // namespace ebb::config
