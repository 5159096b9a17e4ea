#pragma once

#include <optional>
#include <string>

#include "cpab/config/decoder.h"

namespace cpab {

/// A Kubernetes quantity in its canonical form; a null takes it away. YAML numbers count by their
/// value, JSON numbers as they stand.
void decode_quantity(Decoder& decoder, const Node& node, const std::string& path,
                     std::optional<std::string>& target);

}  // namespace cpab
