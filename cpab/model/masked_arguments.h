#pragma once

#include <string>
#include <vector>

#include "cpab/model/masking.h"

namespace cpab {

/// The arguments of a program, each as it may be shown. Hidden is
///   what follows the name of a secret: `--token abc`, `--token=abc`, `TOKEN=abc`,
///   `Authorization: Bearer abc`; in an argument that is a whole script, the rest of the line;
///   what `-p` and `-u` bring passwords in: `-pabc`, `-p abc`, `-u me:abc`;
///   user information: `me:abc@host`, and in URLs all that masked_url() hides;
///   whatever looks random.
std::vector<std::string> masked_arguments(const std::vector<std::string>& arguments,
                                          std::vector<HiddenValue>* hidden = nullptr);

/// One of them, whose neighbours are not known.
std::string masked_argument(const std::string& argument);

}  // namespace cpab
