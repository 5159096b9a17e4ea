#pragma once

#include <string>

namespace cpab {

/// What a value of the summary tells, for people.
struct Measure {
  const char* name;     ///< as in summary.json
  const char* label;    ///< a few words
  const char* meaning;  ///< a few more
  const char* unit;     ///< `share`, of 1; `seconds`; otherwise empty: a number
  bool lower_is_better = false;
};

/// That called `name`; with an empty label when there is none.
Measure measure_of(const std::string& name);

}  // namespace cpab
