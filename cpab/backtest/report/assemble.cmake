# Writes OUTPUT, C++ that defines report_page(): report.html with STYLES and the modules MODULES, both
# lists of files, and with uPlot of the folder UPLOT. Run with cmake -P in the folder of report.html.

cmake_policy(VERSION 3.25)

# The files' texts, one behind the other.
function(concatenate files result)
  set(all "")
  foreach(file IN LISTS files)
    file(READ ${file} text)
    string(APPEND all "${text}\n")
  endforeach()
  set(${result} "${all}" PARENT_SCOPE)
endfunction()

file(READ report.html page)
file(READ ${UPLOT}/dist/uPlot.iife.min.js uplot)
file(READ ${UPLOT}/LICENSE license)
concatenate("${STYLES}" styles)
concatenate("${MODULES}" modules)
# In one file there is nothing to import: all names are there.
string(REGEX REPLACE "\n(import [^\n]*\n)+" "\n" modules "\n${modules}")
string(REPLACE "\nexport " "\n" modules "${modules}")

string(REPLACE "@STYLES@" "${styles}" page "${page}")
string(REPLACE "@UPLOT@" "/*! ${license}*/\n${uplot}" page "${page}")
string(REPLACE "@MODULES@" "${modules}" page "${page}")

file(WRITE ${OUTPUT}.html "${page}")
file(READ ${OUTPUT}.html bytes HEX)
file(REMOVE ${OUTPUT}.html)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"cpab/backtest/report_page.h\"

namespace cpab {
namespace {

constexpr unsigned char page[] = {${bytes}};

}  // namespace

std::string_view report_page() { return {reinterpret_cast<const char*>(page), sizeof page}; }

}  // namespace cpab
")
