#include "cpab/io/gzip.h"

#include <algorithm>
#include <array>
#include <boost/beast/zlib/inflate_stream.hpp>
#include <cstdint>

#include "cpab/io/crc32.h"

namespace cpab {
namespace {

namespace zlib = boost::beast::zlib;

[[noreturn]] void fail_cut() { throw GzipError(GzipError::Kind::cut, "unexpected EOF"); }

[[noreturn]] void fail_damaged(const std::string& why) {
  throw GzipError(GzipError::Kind::damaged, "gzip: " + why);
}

/// Takes the members off the front of `rest`, one after the other.
class Members {
 public:
  Members(std::string_view bytes, std::size_t limit, MemoryShare* memory)
      : rest_(bytes), limit_(limit), memory_(memory) {}

  std::string all() {
    do {
      const std::size_t start = content_.size();
      skip_header();
      inflate();
      check_trailer(std::string_view(content_).substr(start));
    } while (!rest_.empty());
    return std::move(content_);
  }

 private:
  std::string_view take(std::size_t size) {
    if (rest_.size() < size) fail_cut();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  // Little-endian.
  std::uint32_t take_number(std::size_t size) {
    std::uint32_t number = 0;
    const std::string_view bytes = take(size);
    for (std::size_t i = size; i-- > 0;) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
    return number;
  }

  void skip_text() {
    while (take(1)[0] != '\0') {
    }
  }

  void skip_header() {
    constexpr unsigned has_checksum = 2, has_extra = 4, has_name = 8, has_comment = 16;
    if (take(2) != "\x1f\x8b") fail_damaged("invalid header");
    if (take(1)[0] != 8) fail_damaged("unknown compression");
    const std::uint32_t flags = take_number(1);
    take(6);  // time, hints, system
    if ((flags & has_extra) != 0) take(take_number(2));
    if ((flags & has_name) != 0) skip_text();
    if ((flags & has_comment) != 0) skip_text();
    if ((flags & has_checksum) != 0) take(2);
  }

  void inflate() {
    zlib::inflate_stream stream;
    zlib::z_params state;
    state.next_in = rest_.data();
    state.avail_in = rest_.size();
    boost::beast::error_code error;
    while (!error) {
      state.next_out = piece_.data();
      state.avail_out = piece_.size();
      stream.write(state, zlib::Flush::sync, error);
      append(piece_.size() - state.avail_out);
    }
    if (error == zlib::error::need_buffers) fail_cut();
    if (error != zlib::error::end_of_stream) fail_damaged(error.message());
    rest_.remove_prefix(rest_.size() - state.avail_in);
  }

  void append(std::size_t size) {
    if (size > limit_ - content_.size()) {
      throw GzipError(GzipError::Kind::too_large,
                      "the answer is longer than " + std::to_string(limit_) + " bytes");
    }
    append_counted(memory_, content_, {piece_.data(), size});
  }

  void check_trailer(std::string_view content) {
    const std::uint32_t checksum = take_number(4);
    const std::uint32_t length = take_number(4);
    if (checksum != crc32(content)) fail_damaged("invalid checksum");
    if (length != static_cast<std::uint32_t>(content.size())) fail_damaged("invalid length");
  }

  std::string_view rest_;
  const std::size_t limit_;
  MemoryShare* const memory_;
  std::string content_;
  std::array<char, 32768> piece_;
};

}  // namespace

std::string gunzip(std::string_view bytes, std::size_t limit, MemoryShare* memory) {
  return Members(bytes, limit, memory).all();
}

}  // namespace cpab
