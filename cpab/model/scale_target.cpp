#include "cpab/model/scale_target.h"

#include "cpab/model/json_writer.h"

namespace cpab {

std::string describe(const ScaleTarget& target) {
  return target.kind + " " + target.name + " in namespace " + target.namespace_name;
}

std::string to_json(const ScaleTarget& target) {
  JsonWriter json;
  json.add_text("apiVersion", target.api_version).add_text("kind", target.kind);
  json.add_text("namespace", target.namespace_name).add_text("name", target.name);
  return json.finish();
}

}  // namespace cpab
