#include "cpab/pipeline/script_files.h"

#include <system_error>

#include "cpab/pipeline/configured_methods.h"

namespace cpab {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

bool is_same(const fs::path& one, const fs::path& other) {
  std::error_code none;
  return fs::equivalent(one, other, none);
}

/// Whether `word` may be a path from the working directory. Programs without a slash are looked for
/// in PATH.
bool is_relative_path(const std::string& word, bool is_program) {
  return !word.empty() && word[0] != '/' && (!is_program || word.find('/') != std::string::npos);
}

}  // namespace

fs::path working_directory() {
  std::error_code none;
  return fs::current_path(none);
}

std::vector<std::string> notes_on_command(const std::string& what,
                                          const std::vector<std::string>& command,
                                          const std::string& path, const fs::path& here) {
  std::vector<std::string> notes;
  if (here.empty()) return notes;
  const fs::path folder = (here / path).lexically_normal().parent_path();
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (!is_relative_path(command[i], i == 0)) continue;
    const fs::path beside = (folder / command[i]).lexically_normal();
    const fs::path used = (here / command[i]).lexically_normal();
    if (!is_file(beside) || is_same(used, beside)) continue;
    notes.push_back(what + " uses " + used.string() +
                    (is_file(used) ? "" : ", which is not there") + ", and not " + beside.string() +
                    " beside " + path +
                    ": relative paths start in the working directory; start cpab in " +
                    folder.string() + ", or write whole paths");
  }
  return notes;
}

std::vector<std::string> notes_on_scripts(const Config& config, const std::string& config_path,
                                          const fs::path& here) {
  std::vector<std::string> notes;
  for (const auto& [stage, method] : configured_methods(config)) {
    if (!method.shell || method.type != "shell") continue;
    std::vector<std::string> command = {method.shell->entrypoint};
    command.insert(command.end(), method.shell->command.begin(), method.shell->command.end());
    const std::vector<std::string> of_stage =
        notes_on_command(std::string(to_string(stage)), command, config_path, here);
    notes.insert(notes.end(), of_stage.begin(), of_stage.end());
  }
  return notes;
}

}  // namespace cpab
