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

/// Adds what keeps a browser from making more of an answer than what it is: from guessing its type,
/// from running or loading anything it may hold, from showing it in a frame, and from handing it to
/// pages of other sites. What the answer says itself stays.
void restrict_browsers(ServerResponse& response);

}  // namespace cpab
