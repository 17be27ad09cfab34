# Run by the build: writes the page of the HTML report into a C++ file.
#   cmake -DDIRECTORY=src/report/html -DOUT=html_page.cc -P embed.cmake
set(scripts text filter timeline findings page)  # one program, in this order
list(TRANSFORM scripts APPEND .js)

function(append name)
  set(hex "")
  foreach(file IN LISTS ARGN)
    file(READ ${DIRECTORY}/${file} more HEX)
    string(APPEND hex ${more})
  endforeach()
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," array "${hex}")
  string(APPEND text "std::string_view ${name}() {\n  static constexpr char kText[] = {${array}};\n"
                     "  return {kText, ${bytes}};\n}\n\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

set(text "// Generated from src/report/html/ by embed.cmake: do not edit.\n#include \"report/html/page.h\"\n\n"
         "namespace gainsay {\n\n")
string(CONCAT text ${text})
append(HtmlPage page.html)
append(HtmlStyle page.css)
append(HtmlScript ${scripts})
file(WRITE ${OUT} "${text}}  // namespace gainsay\n")
