#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cpab {

/// Puts together a body that is sent in chunks (RFC 9112 section 7.1), without mercy: what another
/// reader could take for more or less than we do is malformed. Extensions are tokens and quoted
/// text in one line of visible characters, trailers are whole lines; both are dropped.
class ChunkedBody {
 public:
  enum class Progress { needs_more, complete, malformed, too_large };

  explicit ChunkedBody(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Reads on, and takes what it has read off the beginning of `input`. Lines are read as a whole,
  /// so up to `max_line_bytes` are left there while more is needed.
  Progress read(std::string_view& input);

  /// What was in the chunks.
  std::string take() { return std::move(body_); }

  static constexpr std::size_t max_line_bytes = 1024;

 private:
  enum class Part { size, data, data_end, trailer };

  Progress read_line(std::string_view& input);
  Progress size_line(std::string_view line);
  Progress read_data(std::string_view& input);

  const std::size_t max_bytes_;
  Part part_ = Part::size;
  std::uint64_t missing_ = 0;  // of the data of the chunk
  std::string body_;
};

}  // namespace cpab
