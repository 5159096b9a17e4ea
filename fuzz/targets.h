#pragma once

#include <string_view>

namespace cpab {

/// The fuzz targets: each hands one input to code that reads what others wrote, catches the
/// exceptions that code is documented to throw, and requires what has to be so for any input
/// (property.h). Whatever else comes out is a bug. Targets keep nothing from one input to the next.

/// The file, alone. Also a line `NAME=value` per variable, for the environment.
void fuzz_config_file(std::string_view input);
void fuzz_config_environment(std::string_view input);

/// A manifest for `cpab convert`.
void fuzz_hpa_manifest(std::string_view input);

/// What user logic answers, to evaluate and as the metric that type `hpa` reads, and the URLs it is
/// asked at.
void fuzz_evaluation(std::string_view input);
void fuzz_hpa(std::string_view input);
void fuzz_http_url(std::string_view input);

/// The bytes on a connection of our HTTP server. What the REST API is asked, `POST
/// /api/v1/evaluation?dry_run=1`, with the body on the lines below it. A query by itself.
void fuzz_http_request(std::string_view input);
void fuzz_api_request(std::string_view input);
void fuzz_query(std::string_view input);

/// A whole client against an API server that answers from the input: pieces separated by a line
/// `%%`, each beginning with its status code on a line of its own.
void fuzz_api_server(std::string_view input);

/// The compressed body of an answer.
void fuzz_gzip(std::string_view input);

/// What a person or an earlier run has left: an override, and a state file or its content.
void fuzz_override(std::string_view input);
void fuzz_saved_state(std::string_view input);

/// A scenario for a replay, and below a line `%%` what is in every file that it names. The whole
/// input also as a decision log.
void fuzz_scenario(std::string_view input);

/// Single answers of the API server, and the file that says where it is.
void fuzz_kubernetes_objects(std::string_view input);
void fuzz_metric_lists(std::string_view input);
void fuzz_kubeconfig(std::string_view input);

/// The small languages in them.
void fuzz_json(std::string_view input);
void fuzz_utf8(std::string_view input);
void fuzz_quantity(std::string_view input);
void fuzz_label_selector(std::string_view input);
void fuzz_times(std::string_view input);

/// A target, and the folder below fuzz/seeds and fuzz/regressions where its inputs are.
struct FuzzTarget {
  const char* name;
  void (*run)(std::string_view input);
};

inline constexpr FuzzTarget fuzz_targets[] = {
    {"api_request", fuzz_api_request},
    {"api_server", fuzz_api_server},
    {"config_environment", fuzz_config_environment},
    {"config_file", fuzz_config_file},
    {"evaluation", fuzz_evaluation},
    {"gzip", fuzz_gzip},
    {"hpa", fuzz_hpa},
    {"hpa_manifest", fuzz_hpa_manifest},
    {"http_request", fuzz_http_request},
    {"http_url", fuzz_http_url},
    {"json", fuzz_json},
    {"kubeconfig", fuzz_kubeconfig},
    {"kubernetes_objects", fuzz_kubernetes_objects},
    {"label_selector", fuzz_label_selector},
    {"metric_lists", fuzz_metric_lists},
    {"override", fuzz_override},
    {"quantity", fuzz_quantity},
    {"query", fuzz_query},
    {"saved_state", fuzz_saved_state},
    {"scenario", fuzz_scenario},
    {"times", fuzz_times},
    {"utf8", fuzz_utf8},
};

}  // namespace cpab
