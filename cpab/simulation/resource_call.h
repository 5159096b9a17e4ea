#pragma once

#include <charconv>
#include <map>
#include <string>

#include "cpab/io/http_server.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/api_operations.h"
#include "cpab/simulation/resource_path.h"

namespace cpab {

/// A request about stored objects, taken apart.
struct ResourceCall {
  const ServerRequest& request;
  const ResourceType& type;
  ResourcePath path;
  std::map<std::string, std::string> parameters;

  std::string parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
  }

  bool flag(const std::string& name) const {
    const auto text = parameter(name);
    return text == "true" || text == "True" || text == "1";
  }

  /// Throws ApiError (400) when the parameter is no number.
  template <class Number>
  Number number(const std::string& name, Number otherwise) const {
    const auto text = parameter(name);
    if (text.empty()) return otherwise;
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw bad_request("invalid value of the query parameter " + name + ": " + text);
    }
    return value;
  }

  std::string_view header_value(const char* name) const { return header(request.headers, name); }
  std::string_view accept() const { return header_value("Accept"); }
  ObjectPlace place() const { return {type, path.namespace_name, path.name}; }
};

}  // namespace cpab
