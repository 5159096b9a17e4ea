#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpab/config/decoder.h"
#include "cpab/io/file.h"

namespace cpab {

/// The kinds of values that the keys of a scenario have, as fields of a Decoder; complaints go to
/// its report. Targets outlive the fields.
class ScenarioFields {
 public:
  using Path = const std::string&;

  /// Files that the scenario names are looked for in `folder`. The decoder outlives this.
  ScenarioFields(Decoder& decoder, std::string folder, FileReader read)
      : decoder_(decoder), folder_(std::move(folder)), read_(std::move(read)) {}

  Decoder& decoder() { return decoder_; }

  template <typename T>
  Field plain(std::string name, T& target) {
    return decoder_.field(std::move(name), target);
  }

  Field number(std::string name, double& target);
  Field positive(std::string name, double& target);  ///< above 0
  Field duration(std::string name, Duration& target);
  Field period(std::string name, Duration& target);  ///< above 0
  Field time(std::string name, WallTime& target);
  Field seed(std::uint64_t& target);  ///< called `seed`
  Field quantity(std::string name, std::string& target);

  /// A number of a size that anybody can mean.
  std::optional<double> number_of(const Node& node, Path path);

  /// `90s`, `15m`, `24h`, `7d`, or a plain number of seconds.
  std::optional<Duration> duration_of(const Node& node, Path path);

  /// An object that has these keys and no others.
  void object(const Node& node, Path path, const std::vector<Field>& fields) {
    decoder_.object(node, path, fields, Decoder::Unknown::refused);
  }

  /// Complains when an object lacks one of these keys, without which it says nothing.
  void require(const Node& node, Path path, const std::vector<const char*>& keys);

  /// `read(element, path)` for each element of a list.
  template <typename Read>
  void list(const Node& node, Path path, Read read) {
    if (node.kind != Node::Kind::list) {
      return decoder_.mismatch(node, path, "array", "write a list, each element behind a dash");
    }
    std::size_t index = 0;
    for (const Node& element : node.elements) {
      read(element, path + "[" + std::to_string(index++) + "]");
    }
  }

  /// `read(content)` of the file that `node` names, or of the files in its list, one behind the
  /// other. What that throws becomes a complaint, which ends with `hint`.
  template <typename Read>
  void file(const Node& node, Path path, std::string_view hint, Read read) {
    try {
      read(content_of(node));
    } catch (const std::runtime_error& error) {
      decoder_.complain(node, path, path + ": " + place_of(node) + ": " + error.what(), hint);
    }
  }

 private:
  std::string place_of(const Node& file) const;
  std::string content_of(const Node& file) const;

  Decoder& decoder_;
  const std::string folder_;
  const FileReader read_;
};

}  // namespace cpab
