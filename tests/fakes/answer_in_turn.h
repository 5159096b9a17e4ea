#pragma once

#include "cpab/api/handlers.h"

namespace cpab {

/// What the client gets, for whom it is `turn`.
inline ServerResponse answer_in_turn(Handlers& handlers, const ServerRequest& request,
                                     Turn turn = Turn::begun) {
  ServerResponse response = handlers.handle(request);
  return response.in_turn ? response.in_turn(turn) : response;
}

}  // namespace cpab
