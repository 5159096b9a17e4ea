#pragma once

#include <map>
#include <string>

#include "cpab/config/report.h"

namespace cpab {

struct Draft;

/// Environment variables by name.
using Environment = std::map<std::string, std::string>;

/// The variables of this process.
Environment process_environment();

/// Puts the variables that name a key over what `draft` holds (contract sections 1.2 and 1.3): each
/// replaces the whole value of its key, starting from zero values and not from the defaults. Names
/// match exactly; variables that are no keys are nobody's business, except that a CPAB_ name close
/// to one of ours is warned of.
void merge_environment(const Environment& environment, Draft& draft, Report& report);

}  // namespace cpab
