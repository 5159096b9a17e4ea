#include "cpab/simulation/labels_json.h"

#include "cpab/model/json_text.h"

namespace cpab {

std::string labels_json(const std::map<std::string, std::string>& labels) {
  std::string json = "{";
  for (const auto& [key, value] : labels) {
    json += (json.size() > 1 ? "," : "") + json_quote(key) + ":" + json_quote(value);
  }
  return json + "}";
}

}  // namespace cpab
