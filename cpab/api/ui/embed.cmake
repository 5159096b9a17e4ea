# Writes OUTPUT, C++ that defines ui_files(), of FILES, a list of `NAME|PATH`: run with cmake -P.

set(type_html text/html)
set(type_js text/javascript)
set(type_css text/css)
set(type_svg image/svg+xml)
set(type_txt text/plain)

set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS FILES)
  string(REGEX MATCH "^([^|]*)[|](.*)$" file "${file}")
  set(name "${CMAKE_MATCH_1}")
  set(path "${CMAKE_MATCH_2}")
  set(kind html)
  if(name MATCHES "[.]([a-z]+)$")
    set(kind ${CMAKE_MATCH_1})
  endif()
  set(type "${type_${kind}}")
  if(type MATCHES "^text/")
    string(APPEND type "; charset=utf-8")
  endif()

  file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${path} FORMAT raw COMPRESSION GZip
    COMPRESSION_LEVEL 9)
  file(READ ${OUTPUT}.gz bytes HEX)
  file(REMOVE ${OUTPUT}.gz)
  # Without the time in the header, the same files make the same program.
  string(SUBSTRING "${bytes}" 0 8 magic)
  string(SUBSTRING "${bytes}" 16 -1 rest)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${magic}00000000${rest}")
  file(SHA256 ${path} digest)
  string(SUBSTRING "${digest}" 0 16 digest)

  string(APPEND arrays "constexpr unsigned char file_${number}[] = {${bytes}};\n")
  string(APPEND entries "      {\"${name}\", \"${type}\", \"\\\"${digest}\\\"\", bytes(file_${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "#include \"cpab/api/ui_files.h\"

#include <array>

namespace cpab {
namespace {

${arrays}
template <std::size_t size>
std::string_view bytes(const unsigned char (&file)[size]) {
  return {reinterpret_cast<const char*>(file), size};
}

}  // namespace

std::span<const UiFile> ui_files() {
  static const std::array<UiFile, ${number}> files = {{
${entries}  }};
  return files;
}

}  // namespace cpab
")
