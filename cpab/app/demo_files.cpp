#include "cpab/app/demo_files.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "cpab/app/demo_texts.h"
#include "cpab/model/replaced.h"

namespace cpab {

DemoFiles::DemoFiles(DemoExample example, std::uint16_t api_port) : folder_("cpab-demo-") {
  const bool scripts = example == DemoExample::python;
  if (scripts) {
    write("metric.py", demo_metric_py);
    write("evaluate.py", demo_evaluate_py);
  }
  const std::string config = scripts ? demo_config_yaml : demo_hpa_yaml;
  write("config.yaml",
        replaced(replaced(config, "@FOLDER@", folder()), "@API_PORT@", std::to_string(api_port)));
}

void DemoFiles::write(const std::string& name, const std::string& content) const {
  std::ofstream file(folder() + "/" + name);
  file << content;
  if (!file.flush()) {
    throw std::system_error(errno, std::generic_category(), "write " + folder() + "/" + name);
  }
}

}  // namespace cpab
