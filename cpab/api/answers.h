#pragma once

#include <string>
#include <string_view>

#include "cpab/io/http_server.h"

namespace cpab {

ServerResponse json_response(int status, std::string body);
ServerResponse plain_response(int status, std::string body);

/// `{"message":…,"code":…}`, with further members behind when there are any.
ServerResponse error_response(int status, std::string_view message,
                              const std::string& further = {});

}  // namespace cpab
