#pragma once

#include <string>
#include <vector>

#include "cpab/kubernetes/credentials.h"

namespace cpab {

/// The files KUBECONFIG names, separated by colons; ~/.kube/config when it is unset or empty.
/// Empty when there is no home directory either.
std::vector<std::string> kubeconfig_files(const Environment& environment);

/// The credentials of `context`, or of the current context when it is empty. With several files,
/// the first that has an entry of a name wins, and files that do not exist are skipped as long as
/// one does. Relative paths are relative to the file they stand in. Throws CredentialsError, also
/// for everything that we do not support: it is refused rather than ignored, because an identity
/// that is only half understood is the wrong one.
Credentials kubeconfig_credentials(const std::vector<std::string>& files,
                                   const std::string& context);

}  // namespace cpab
