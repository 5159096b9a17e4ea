#include "cpab/config/http_url.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "cpab/config/display.h"
#include "cpab/io/http_client.h"
#include "cpab/model/masking.h"

namespace cpab {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// RFC 3986: never needs encoding.
bool is_unreserved(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_encoded(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

// The text with every byte encoded that is neither unreserved nor in `also_kept`.
std::string encoded(std::string_view text, std::string_view also_kept) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || also_kept.find(c) != std::string_view::npos) {
      result += c;
    } else {
      append_encoded(result, c);
    }
  }
  return result;
}

// The first broken percent escape of the text; empty when there is none.
std::string_view broken_escape(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) {
      return text.substr(at, 3);
    }
  }
  return {};
}

// None when an escape is broken.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  if (!broken_escape(text).empty()) return std::nullopt;
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      result += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
      at += 2;
    } else {
      result += plus_is_space && text[at] == '+' ? ' ' : text[at];
    }
  }
  return result;
}

// Splits `text` at the first `separator`; what was before it is returned and cut off.
std::string_view cut(std::string_view& text, char separator) {
  const std::string_view head = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(head.size() + 1, text.size()));
  return head;
}

// Of `:8080`; none at all is a port as well.
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  const std::string_view digits = text.substr(1);
  if (text[0] != ':' || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  std::uint16_t number = 0;
  return digits.empty() ||
         std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc{};
}

// A password with a slash in it ends up here.
std::string shown_port(std::string_view text) {
  return text.starts_with(':') ? ':' + masked_value(text.substr(1)) : masked_value(text);
}

class Parser {
 public:
  explicit Parser(const std::string& text) : whole_(text), rest_(text) {}

  HttpUrl parse() {
    if (std::any_of(whole_.begin(), whole_.end(), is_control)) {
      fail("net/url: invalid control character in URL");
    }
    rest_ = cut(rest_, '#');
    take_scheme();
    std::string_view before_query = cut(rest_, '?');
    url_.query = encoded(rest_, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}");  // blanks and non-ASCII only
    if (before_query.starts_with("//")) {
      before_query.remove_prefix(2);
      const std::size_t end = std::min(before_query.find('/'), before_query.size());
      take_authority(before_query.substr(0, end));
      before_query.remove_prefix(end);
    } else if (url_.scheme.empty()) {
      check_relative(before_query);
    }
    take_path(before_query);
    return url_;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { throw HttpUrlError(whole_, reason); }

  void check_escapes(std::string_view text) const {
    const std::string_view broken = broken_escape(text);
    if (!broken.empty()) fail("invalid URL escape " + quoted(broken));
  }

  void take_scheme() {
    const std::size_t end = rest_.find_first_of(":/?");
    if (end == std::string_view::npos || rest_[end] != ':') return;
    const std::string_view scheme = rest_.substr(0, end);
    if (scheme.empty()) fail("missing protocol scheme");
    const bool valid =
        is_letter(scheme[0]) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
          return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        });
    if (!valid) return;
    url_.scheme = scheme;
    for (char& c : url_.scheme) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    rest_.remove_prefix(end + 1);
  }

  void check_relative(std::string_view path) const {
    if (path.substr(0, path.find('/')).find(':') != std::string_view::npos) {
      fail("first path segment in URL cannot contain colon");
    }
  }

  void take_authority(std::string_view authority) {
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      const auto credentials = decoded(authority.substr(0, at), false);
      if (!credentials) fail("net/url: invalid userinfo");
      url_.credentials = *credentials;
      authority.remove_prefix(at + 1);
    }
    check_host(authority);
    url_.host = authority;
  }

  void check_host(std::string_view host) const {
    std::string_view port;
    if (host.starts_with('[')) {
      const std::size_t end = host.rfind(']');
      if (end == std::string_view::npos) fail("missing ']' in host");
      port = host.substr(end + 1);
    } else if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
      port = host.substr(colon);
    }
    if (!is_port(port)) fail("invalid port " + quoted(shown_port(port)) + " after host");
    check_escapes(host);
    const std::size_t bad = host.find_first_of(" \"<>\\^`{|}");
    if (bad != std::string_view::npos) {
      fail("invalid character " + quoted(host.substr(bad, 1)) + " in host name");
    }
  }

  void take_path(std::string_view path) {
    check_escapes(path);
    url_.path = encoded(path, "%$&+,/:;=@!'()*[]");
  }

  const std::string& whole_;
  std::string_view rest_;
  HttpUrl url_;
};

}  // namespace

HttpUrlError::HttpUrlError(const std::string& url, std::string why)
    : std::runtime_error("parse \"" + redacted_url(url) + "\": " + why), reason(std::move(why)) {}

std::string HttpUrl::address() const {
  const std::string base = scheme + "://" + host + path;
  return query.empty() ? base : base + '?' + query;
}

HttpUrl parse_http_url(const std::string& text) { return Parser(text).parse(); }

std::string problem_of_url(const std::string& url) {
  const std::string shown = quoted(masked_url(url));
  try {
    const HttpUrl parsed = parse_http_url(url);
    if (!parsed.is_http()) {
      return "unsupported protocol scheme " + quoted(parsed.scheme) + " in the url " + shown;
    }
    return parsed.has_host() ? "" : "parse " + shown + ": no Host in request URL";
  } catch (const HttpUrlError& error) {
    return "parse " + shown + ": " + error.reason;
  }
}

QueryValues parse_query(std::string_view query) {
  QueryValues values;
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    if (value.empty() || value.find(';') != std::string_view::npos) continue;
    const auto key = decoded(cut(value, '='), true);
    const auto text = decoded(value, true);
    if (key && text) values[*key].push_back(*text);
  }
  return values;
}

std::string encode_query(const QueryValues& values) {
  std::string query;
  const auto append = [&query](const std::string& text) {
    std::string part = encoded(text, " ");
    std::replace(part.begin(), part.end(), ' ', '+');
    query += part;
  };
  for (const auto& [key, texts] : values) {
    for (const std::string& text : texts) {
      if (!query.empty()) query += '&';
      append(key);
      query += '=';
      append(text);
    }
  }
  return query;
}

}  // namespace cpab
