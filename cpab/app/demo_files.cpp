#include "cpab/app/demo_files.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "cpab/app/demo_texts.h"

namespace cpab {
namespace {

std::string replaced(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    text.replace(at, mark.size(), value);
    at += value.size();
  }
  return text;
}

std::string temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cpab-demo-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "make a folder " + pattern);
  }
  return pattern;
}

}  // namespace

DemoFiles::DemoFiles(DemoExample example, std::uint16_t api_port) : folder_(temporary_folder()) {
  const bool scripts = example == DemoExample::python;
  if (scripts) {
    write("metric.py", demo_metric_py);
    write("evaluate.py", demo_evaluate_py);
  }
  const std::string config = scripts ? demo_config_yaml : demo_hpa_yaml;
  write("config.yaml",
        replaced(replaced(config, "@FOLDER@", folder_), "@API_PORT@", std::to_string(api_port)));
}

DemoFiles::~DemoFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void DemoFiles::write(const std::string& name, const std::string& content) const {
  std::ofstream file(folder_ + "/" + name);
  file << content;
  if (!file.flush()) {
    throw std::system_error(errno, std::generic_category(), "write " + folder_ + "/" + name);
  }
}

}  // namespace cpab
