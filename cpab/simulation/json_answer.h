#pragma once

#include <string>
#include <utility>

#include "cpab/io/http_server.h"

namespace cpab {

inline ServerResponse json_answer(int status, std::string body,
                                  std::string media_type = "application/json") {
  ServerResponse response;
  response.status = status;
  response.headers = {{"Cache-Control", "no-cache, private"},
                      {"Content-Type", std::move(media_type)}};
  response.body = std::move(body);
  return response;
}

}  // namespace cpab
