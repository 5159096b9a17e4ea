#include "cpab/config/quantity_field.h"
#include "cpab/config/sections.h"
#include "cpab/model/quantity.h"

namespace cpab {

void decode(Decoder& decoder, const Node& node, const std::string& path, ShellConfig& shell) {
  decoder.object(
      node, path,
      {decoder.field("entrypoint", shell.entrypoint), decoder.field("command", shell.command),
       decoder.field("logStderr", shell.log_stderr)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, HttpConfig& http) {
  decoder.object(
      node, path,
      {decoder.field("method", http.method), decoder.field("url", http.url),
       decoder.field("headers", http.headers), decoder.field("successCodes", http.success_codes),
       decoder.field("parameterMode", http.parameter_mode), decoder.field("caCert", http.ca_cert),
       decoder.field("clientCert", http.client_cert), decoder.field("clientKey", http.client_key)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, HpaConfig& hpa) {
  const auto read_tolerance = [&](const Node& value, const std::string& value_path) {
    std::optional<std::string> quantity;
    decode_quantity(decoder, value, value_path, quantity);
    if (quantity) hpa.tolerance = quantity_double(*quantity).value_or(hpa.tolerance);
  };
  decoder.object(node, path, {{"tolerance", read_tolerance}}, Decoder::Unknown::refused);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, MethodConfig& method) {
  decoder.object(node, path,
                 {decoder.field("type", method.type), decoder.field("timeout", method.timeout),
                  decoder.field("shell", method.shell), decoder.field("http", method.http),
                  decoder.own_field("hpa", method.hpa)});
}

}  // namespace cpab
