#pragma once

#include <string_view>

namespace cpab {

/// The page of the report with `@DATA@` where its data, JSON without any `<`, belongs. Defined by
/// cpab/backtest/report/assemble.cmake.
std::string_view report_page();

}  // namespace cpab
