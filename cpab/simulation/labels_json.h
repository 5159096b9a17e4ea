#pragma once

#include <map>
#include <string>

namespace cpab {

/// The labels as the text of a JSON object.
std::string labels_json(const std::map<std::string, std::string>& labels);

}  // namespace cpab
