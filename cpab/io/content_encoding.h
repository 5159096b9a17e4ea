#pragma once

#include "cpab/io/http_client.h"

namespace cpab {

/// Undoes the gzip of an answer to `request`, whose body is as it came. Throws HttpError when it
/// is not whole, and for other encodings. An `Accept-Encoding` of the request's own leaves the
/// answer as it is: then the caller has asked for the encoding.
HttpResponse decoded(HttpResponse response, const HttpRequest& request);

}  // namespace cpab
