// The page of the HTML report, as it stands beside this header; compiled in by embed.cmake.
//
// Thread rules: free functions without state; the views are valid for ever.
#ifndef GAINSAY_REPORT_HTML_PAGE_H_
#define GAINSAY_REPORT_HTML_PAGE_H_

#include <string_view>

namespace gainsay {

std::string_view HtmlPage();   // page.html, in which "{{name}}" is to be replaced
std::string_view HtmlStyle();  // page.css
std::string_view HtmlScript();

}  // namespace gainsay

#endif  // GAINSAY_REPORT_HTML_PAGE_H_
