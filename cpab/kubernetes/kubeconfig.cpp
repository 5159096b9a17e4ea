#include "cpab/kubernetes/kubeconfig.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "cpab/io/file.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/model/base64.h"
#include "cpab/model/yaml_marks.h"

namespace cpab {
namespace {

using Keys = std::vector<std::string>;

/// One named cluster, user or context, and the file it stands in.
class Entry {
 public:
  Entry(std::string what, std::string file, const YAML::Node& node)
      : what_(std::move(what)), file_(std::move(file)), node_(node) {}

  [[noreturn]] void fail(const std::string& problem) const {
    throw CredentialsError("kubeconfig " + file_ + ": " + what_ + ": " + problem);
  }

  /// The value of `key`; empty when absent.
  std::string text(const std::string& key) const {
    const YAML::Node value = node_[key];
    if (!value || value.IsNull()) return {};
    if (!value.IsScalar()) fail("'" + key + "' must be a text");
    return value.Scalar();
  }

  bool flag(const std::string& key) const {
    const std::string value = text(key);
    if (value.empty() || value == "false") return false;
    if (value != "true") fail("'" + key + "' must be true or false");
    return true;
  }

  /// A path, relative to the file it stands in; none when absent.
  std::optional<std::string> path(const std::string& key) const {
    const std::string value = text(key);
    if (value.empty()) return std::nullopt;
    return (std::filesystem::path(file_).parent_path() / value).string();
  }

  /// Decoded base64; none when absent.
  std::optional<std::string> data(const std::string& key) const {
    const std::string value = text(key);
    if (value.empty()) return std::nullopt;
    auto bytes = base64_decode(value);
    if (!bytes) fail("'" + key + "' is not base64");
    return bytes;
  }

  /// Fails on every key but the supported ones; `extensions` are notes of other programs.
  void allow_only(const Keys& supported) const {
    for (const auto& member : node_) {
      const std::string key = member.first.Scalar();
      if (key == "extensions" || member.second.IsNull()) continue;
      if (std::find(supported.begin(), supported.end(), key) == supported.end()) {
        fail("'" + key + "' is not supported by cpab; supported: " + joined(supported));
      }
    }
  }

 private:
  static std::string joined(const Keys& keys) {
    std::string all;
    for (const std::string& key : keys) all += (all.empty() ? "" : ", ") + key;
    return all;
  }

  std::string what_;
  std::string file_;
  YAML::Node node_;
};

/// The kubeconfig files as if they were one.
class Kubeconfig {
 public:
  void add(const std::string& file) {
    const YAML::Node root = parse(file);
    if (root.IsNull()) return;
    if (!root.IsMap()) throw CredentialsError("kubeconfig " + file + ": must be a mapping");
    if (current_context_.empty() && root["current-context"] && root["current-context"].IsScalar()) {
      current_context_ = root["current-context"].Scalar();
    }
    for (const char* kind : {"cluster", "user", "context"}) add_entries(file, root, kind);
  }

  const std::string& current_context() const { return current_context_; }

  /// Throws CredentialsError when there is none of that name.
  const Entry& entry(const std::string& kind, const std::string& name) const {
    const auto found = entries_.find({kind, name});
    if (found != entries_.end()) return found->second;
    throw CredentialsError("kubeconfig: no " + kind + " '" + name + "'; there is: " + names(kind));
  }

  std::string names(const std::string& kind) const {
    std::string all;
    for (const auto& [id, entry] : entries_) {
      if (id.first == kind) all += (all.empty() ? "" : ", ") + id.second;
    }
    return all.empty() ? "none" : all;
  }

 private:
  static YAML::Node parse(const std::string& file) {
    try {
      const std::string text = read_file(file, file_kind::kubeconfig);
      if (yaml_marks(text) > most_yaml_marks) {
        throw CredentialsError("kubeconfig " + file + ": more than " +
                               std::to_string(most_yaml_marks) + " lines, commas and brackets");
      }
      return YAML::Load(text);
    } catch (const FileError& error) {
      throw CredentialsError(std::string("kubeconfig: ") + error.what());
    } catch (const YAML::Exception& error) {
      // Only the place: what() may quote the text around it.
      throw CredentialsError("kubeconfig " + file + ": not YAML, at line " +
                             std::to_string(error.mark.line + 1));
    }
  }

  void add_entries(const std::string& file, const YAML::Node& root, const std::string& kind) {
    const YAML::Node list = root[kind + "s"];
    if (!list || list.IsNull()) return;
    for (const auto& item : list) {
      if (!list.IsSequence() || !item.IsMap() || !item["name"] || !item["name"].IsScalar()) {
        throw CredentialsError("kubeconfig " + file + ": '" + kind + "s' must be a list of named " +
                               kind + "s");
      }
      const std::string name = item["name"].Scalar();
      const YAML::Node body = item[kind] ? item[kind] : YAML::Node(YAML::NodeType::Map);
      const Entry entry(kind + " '" + name + "'", file, body);
      if (!body.IsMap() && !body.IsNull()) entry.fail("must be a mapping");
      entries_.emplace(std::pair(kind, name), entry);
    }
  }

  std::string current_context_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;  ///< by kind and name
};

bool exists(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

Kubeconfig merged(const std::vector<std::string>& files) {
  Kubeconfig all;
  const bool any = std::any_of(files.begin(), files.end(), exists);
  for (const std::string& file : files) {
    // When none exists, reading the first says so in the system's words.
    if (!any || exists(file)) all.add(file);
  }
  if (files.empty()) throw CredentialsError("kubeconfig: no file: set KUBECONFIG or HOME");
  return all;
}

void check_server(const Entry& cluster, const std::string& server) {
  const bool known = server.rfind("https://", 0) == 0 || server.rfind("http://", 0) == 0;
  if (known && server.find_first_of("?#@ ") == std::string::npos) return;
  cluster.fail("'server' must be a URL such as https://host:6443");
}

void apply_cluster(const Entry& cluster, Credentials& credentials) {
  cluster.allow_only({"server", "certificate-authority", "certificate-authority-data",
                      "insecure-skip-tls-verify", "tls-server-name", "disable-compression"});
  std::string server = cluster.text("server");
  check_server(cluster, server);
  while (server.back() == '/') server.pop_back();
  credentials.server = server;
  TlsConfig& tls = credentials.tls;
  tls.ca_data = cluster.data("certificate-authority-data");
  if (!tls.ca_data) tls.ca_file = cluster.path("certificate-authority");
  tls.server_name = cluster.text("tls-server-name");
  tls.insecure_skip_verify = cluster.flag("insecure-skip-tls-verify");
  if (!tls.insecure_skip_verify) return;
  if (tls.ca_file || tls.ca_data) {
    cluster.fail("'insecure-skip-tls-verify' and a certificate authority contradict each other");
  }
  credentials.warnings.push_back(
      "insecure-skip-tls-verify: the API server's certificate is not "
      "checked, anybody on the way can read the token");
}

void apply_client_certificate(const Entry& user, TlsConfig& tls) {
  tls.client_cert_data = user.data("client-certificate-data");
  if (!tls.client_cert_data) tls.client_cert_file = user.path("client-certificate");
  tls.client_key_data = user.data("client-key-data");
  if (!tls.client_key_data) tls.client_key_file = user.path("client-key");
  const bool certificate = tls.client_cert_data || tls.client_cert_file;
  const bool key = tls.client_key_data || tls.client_key_file;
  if (certificate != key) user.fail("a client certificate needs its key, and the key it");
}

void apply_user(const Entry& user, Credentials& credentials) {
  user.allow_only({"token", "tokenFile", "client-certificate", "client-certificate-data",
                   "client-key", "client-key-data"});
  apply_client_certificate(user, credentials.tls);
  credentials.token = user.text("token");
  credentials.token_file = user.path("tokenFile").value_or("");
  try {
    if (!credentials.token_file.empty()) read_token(credentials.token_file);
    TokenSource{credentials.token};
  } catch (const TokenError& error) {
    user.fail(error.what());
  }
}

std::string chosen_context(const Kubeconfig& config, const std::string& wanted) {
  const std::string context = wanted.empty() ? config.current_context() : wanted;
  if (!context.empty()) return context;
  throw CredentialsError("kubeconfig: no current-context; choose one with --context, there is: " +
                         config.names("context"));
}

}  // namespace

std::vector<std::string> kubeconfig_files(const Environment& environment) {
  const auto list = environment.find("KUBECONFIG");
  std::vector<std::string> files;
  if (list != environment.end()) {
    std::istringstream parts(list->second);
    for (std::string file; std::getline(parts, file, ':');) {
      if (!file.empty()) files.push_back(file);
    }
  }
  const auto home = environment.find("HOME");
  if (files.empty() && home != environment.end() && !home->second.empty()) {
    files.push_back(home->second + "/.kube/config");
  }
  return files;
}

Credentials kubeconfig_credentials(const std::vector<std::string>& files,
                                   const std::string& context) {
  const Kubeconfig config = merged(files);
  const Entry& chosen = config.entry("context", chosen_context(config, context));
  chosen.allow_only({"cluster", "user", "namespace"});
  Credentials credentials;
  credentials.namespace_name = chosen.text("namespace");
  apply_cluster(config.entry("cluster", chosen.text("cluster")), credentials);
  if (!chosen.text("user").empty()) {
    apply_user(config.entry("user", chosen.text("user")), credentials);
  }
  return credentials;
}

}  // namespace cpab
