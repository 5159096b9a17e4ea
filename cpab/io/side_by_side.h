#pragma once

#include <cstddef>
#include <functional>

namespace cpab {

/// Runs `work(0)` to `work(count - 1)` on up to `concurrency` threads, the calling one among them;
/// on fewer when the system has no more, which is warned of. After a failure no new item is begun;
/// the failure of the lowest index is thrown.
void side_by_side(std::size_t count, std::size_t concurrency,
                  const std::function<void(std::size_t)>& work);

}  // namespace cpab
