#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace cpab {

/// Recorded answers of the HPA controller and of the predictive HPA, one case each: what went in
/// and what came out. They are kept beside the checkout, in ../shared/vectors, whose README.md
/// describes their members.

/// Where they are; none when they are not there.
std::optional<std::filesystem::path> vectors_folder();

/// The names of its files, relative to it, except for what is written for people.
std::vector<std::string> vector_files(const std::filesystem::path& folder);

/// The cases of a file: `cases` of a .json, the lines of a .jsonl, the rows of a .csv as objects of
/// numbers; .gz of any of them.
std::vector<nlohmann::json> vector_cases(const std::filesystem::path& file);

/// Checks one case against the product's own functions, with the CHECK of Catch.
using Comparison = std::function<void(const nlohmann::json& test_case)>;

/// By `kind` of the case; empty for files whose cases have none.
using Comparisons = std::map<std::string, Comparison>;

}  // namespace cpab
