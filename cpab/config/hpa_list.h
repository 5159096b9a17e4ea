#pragma once

#include <stdexcept>
#include <string>

#include "cpab/config/document.h"

namespace cpab {

/// A manifest that cannot be converted. The message says what to do instead; it has a line for each
/// thing that is wrong.
struct ConversionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The HorizontalPodAutoscaler in `manifest` that is called `name`, or `namespace/name`; empty: the
/// only one there is. Other objects may be around it. Throws ConversionError.
Node chosen_hpa(const std::string& manifest, const std::string& name);

/// The text of a member; empty when there is none, or no text.
std::string text_member(const Node& node, std::string_view key);

}  // namespace cpab
