#include "cpab/model/scale_target.h"

namespace cpab {

std::string describe(const ScaleTarget& target) {
  return target.kind + " " + target.name + " in namespace " + target.namespace_name;
}

}  // namespace cpab
