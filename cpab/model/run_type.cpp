#include "cpab/model/run_type.h"

namespace cpab {

std::string_view to_string(RunType type) {
  switch (type) {
    case RunType::scaler:
      return "scaler";
    case RunType::api:
      return "api";
    case RunType::api_dry_run:
      return "api_dry_run";
  }
  return "";
}

}  // namespace cpab
