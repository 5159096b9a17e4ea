#include "cpab/config/display.h"

#include "cpab/model/json_text.h"
#include "cpab/model/masked_arguments.h"
#include "cpab/model/masking.h"
#include "cpab/model/printable.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::size_t longest_shown = 120;

/// The one before it, which may announce a secret, is not known.
std::string argument(const std::string& value) {
  constexpr std::size_t shortest_secret = 6;
  const bool numeric = value.find_first_not_of("0123456789") == std::string::npos;
  if (numeric && value.size() >= shortest_secret) return std::string(mask);
  const std::string shown = masked_argument(value);
  return shown == value ? masked_value(value) : shown;
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string json = printable_json(json_quote(utf8_prefix(text, longest_shown)));
  const std::string content = json.substr(1, json.size() - 2);
  return text.size() > longest_shown ? content + "..." : content;
}

std::string quoted(std::string_view text) { return '"' + escaped(text) + '"'; }

std::string quoted_value(std::string_view value) { return quoted(masked_value(value)); }

std::string escaped_value(std::string_view value) { return escaped(masked_value(value)); }

std::string masked_at(const std::string& path, const std::string& value) {
  const auto header = path.find(".headers.");
  if (header != std::string::npos) {
    return masked_header(path.substr(header + std::string_view(".headers.").size()), value);
  }
  if (path.ends_with(".url")) return masked_url(value);
  if (path.find(".command") != std::string::npos) return argument(value);
  return masked_value(value);
}

}  // namespace cpab
